// Pins CON-08: a socket accepted by hand becomes a transport by connect_accepted_socket; the events
// of both ends come in order.
#include "py.hpp"

#include <cstdlib>

#include <sys/socket.h>
#include <unistd.h>

class Traced : public asyncio::Protocol {
public:
    explicit Traced(std::string given) : name(std::move(given)) {}
    void connection_made(std::shared_ptr<asyncio::Transport> t) override {
        const int port = t->get_extra_info<asyncio::SocketAddress>("peername").port();
        print(name, "made", port > 0 ? "int" : "None");
        transport = t;
    }
    void data_received(std::string_view data) override {
        print(name, "data", py::bytes(data));
        transport->write(data.substr(0, 1));
        if (name == "client") transport->close();
    }
    bool eof_received() override {
        print(name, "eof");
        return false;
    }
    void connection_lost(std::exception_ptr exc) override {
        print(name, "lost", exc);
        lost.set_result();
    }
    std::string name;
    std::shared_ptr<asyncio::Transport> transport;
    asyncio::Future<> lost = asyncio::get_running_loop().create_future();
};

auto traced(const char* name) {
    return [name] { return std::make_shared<Traced>(name); };
}

int listening() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_storage storage;
    const auto size = asyncio::SocketAddress("127.0.0.1", 0).to(&storage);
    if (::bind(fd, reinterpret_cast<sockaddr*>(&storage), static_cast<socklen_t>(size)) != 0 ||
        ::listen(fd, 1) != 0)
        std::abort();
    return fd;
}

int port_of(int fd) {
    sockaddr_storage storage;
    socklen_t size = sizeof storage;
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &size);
    return asyncio::SocketAddress::from(&storage, size).port();
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    const int listener = listening();
    auto connected =
        co_await loop.create_connection(traced("client"), "127.0.0.1", port_of(listener));
    const auto client = connected.second;
    const int accepted = ::accept(listener, nullptr, nullptr);
    auto taken = co_await loop.connect_accepted_socket(traced("server"), accepted);
    auto& [transport, server] = taken;
    print("the same", server->transport == transport);
    transport->write("hello");
    co_await client->lost;
    co_await server->lost;
    ::close(listener);
    const int datagram = ::socket(AF_INET, SOCK_DGRAM, 0);
    try {
        co_await loop.connect_accepted_socket(traced("none"), datagram);
    } catch (const asyncio::ValueError& e) {
        print(e.str().substr(0, e.str().find('<')));
    }
    ::close(datagram);
}

int main() { asyncio::run(amain()); }
