// Pins CON-15, TRN-17: arguments that do not fit, and a peer where nobody listens.
#include "py.hpp"

#include <sys/socket.h>
#include <unistd.h>

struct Protocol : asyncio::DatagramProtocol {
    void error_received(std::exception_ptr exc) override {
        print("error_received", exc);
        event.set();
    }

    void connection_lost(std::exception_ptr exc) override {
        print("connection_lost", exc);
        event.set();
    }

    asyncio::Event event;
};

auto protocol_factory = [] { return std::make_shared<Protocol>(); };

asyncio::Coroutine<> attempt(std::string name, asyncio::CreateDatagramEndpointOptions options) {
    auto& loop = asyncio::get_running_loop();
    try {
        co_await loop.create_datagram_endpoint(protocol_factory, options);
    } catch (const asyncio::Exception&) {
        print(name, std::current_exception());
        co_return;
    }
    print(name, "works");
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    co_await attempt("nothing", {});
    co_await attempt("families",
                     {.local_addr = {"127.0.0.1", 0}, .remote_addr = {"::1", 9}});
    co_await attempt("path", {.local_addr = "path"});
    co_await attempt("tuple", {.local_addr = {"127.0.0.1", 0}, .family = AF_UNIX});
    co_await attempt("port", {.local_addr = {"127.0.0.1", 65536}});
    co_await attempt("foreign", {.local_addr = {"192.0.2.1", 0}});
    const int sock = ::socket(AF_INET, SOCK_DGRAM, 0);
    co_await attempt("modifiers",
                     {.local_addr = {"127.0.0.1", 0}, .reuse_port = true, .sock = sock});
    ::close(sock);

    auto first = co_await loop.create_datagram_endpoint(protocol_factory,
                                                        {.local_addr = {"127.0.0.1", 0}});
    auto& [bound, bound_protocol] = first;
    const int port = bound->get_extra_info<asyncio::SocketAddress>("sockname").port();
    bound->close();
    co_await bound_protocol->event.wait();
    auto second = co_await loop.create_datagram_endpoint(protocol_factory,
                                                         {.remote_addr = {"127.0.0.1", port}});
    auto& [transport, protocol] = second;
    for (int i = 0; i < 2; ++i) {
        protocol->event.clear();
        transport->sendto("anybody there?");
        co_await protocol->event.wait();
        print("closing", transport->is_closing());
    }
    transport->close();
    co_await asyncio::sleep(0);
}

int main() { asyncio::run(amain()); }
