// Pins SNF-01, SNF-02, SNF-04, SNF-07: results, the file's position, and errors of sendfile.
#include "py.hpp"

#include <sys/mman.h>
#include <unistd.h>

struct Sink : asyncio::Protocol {
    explicit Sink(asyncio::Future<std::string> e) : everything(e) {}

    void data_received(std::string_view received) override { data += received; }

    void connection_lost(std::exception_ptr) override { everything.set_result(data); }

    asyncio::Future<std::string> everything;
    std::string data;
};

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto everything = loop.create_future<std::string>();
    auto server = co_await loop.create_server([&] { return std::make_shared<Sink>(everything); },
                                              "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    auto connected = co_await loop.create_connection(
        [] { return std::make_shared<asyncio::Protocol>(); }, "127.0.0.1", port);
    auto& transport = connected.first;
    const int file = ::memfd_create("file", 0);
    const int empty = ::memfd_create("empty", 0);
    if (::write(file, "0123456789", 10) != 10) asyncio::raise_from_errno(errno);
    transport->write("<");
    print(co_await loop.sendfile(transport, file, {.offset = 2, .count = 3}));
    print("position", ::lseek(file, 0, SEEK_CUR));
    transport->write(">");
    print(co_await loop.sendfile(transport, file));
    print("position", ::lseek(file, 0, SEEK_CUR));
    print(co_await loop.sendfile(transport, empty));
    asyncio::SendfileOptions wrong[2];
    wrong[0].count = 0;
    wrong[1].offset = -1;
    for (const auto& options : wrong) {
        try {
            co_await loop.sendfile(transport, file, options);
        } catch (const asyncio::ValueError&) {
            print(std::current_exception());
        }
    }
    print("reading", transport->is_reading());
    transport->close();
    try {
        co_await loop.sendfile(transport, file);
    } catch (const asyncio::RuntimeError&) {
        print(std::current_exception());
    }
    print(py::bytes(co_await everything));
    server.close();
    ::close(file);
    ::close(empty);
}

int main() { asyncio::run(amain()); }
