// Pins SRV-01, SRV-02, SRV-03: close() stops listening but leaves connections alone; wait_closed
// returns only when the last one has ended; all who wait are woken. (Python 3.12)
#include "py.hpp"

asyncio::Coroutine<> echo(asyncio::StreamReader reader, asyncio::StreamWriter writer) {
    for (;;) {
        const auto line = co_await reader.readline();
        if (line.empty()) break;
        writer.write(line);
    }
    writer.close();
}

asyncio::Coroutine<> waiter(asyncio::Server server, std::string name) {
    co_await server.wait_closed();
    print(name, "closed");
}

asyncio::Coroutine<> amain() {
    auto server = co_await asyncio::start_server(echo, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    print("serving", server.is_serving(), server.sockets().size());
    auto early = asyncio::create_task(waiter(server, "early"));
    auto connected = co_await asyncio::open_connection("127.0.0.1", port);
    auto& [reader, writer] = connected;
    writer.write("before\n");
    auto data = co_await reader.readline();
    print(py::bytes(data));
    server.close();
    server.close();
    print("serving", server.is_serving(), server.sockets().size());
    auto late = asyncio::create_task(waiter(server, "late"));
    writer.write("after\n");
    data = co_await reader.readline();
    print(py::bytes(data));
    print("waiting", early.done(), late.done());
    try {
        co_await asyncio::open_connection("127.0.0.1", port);
    } catch (const asyncio::ConnectionRefusedError& e) {
        print(asyncio::type_name(e));
    }
    writer.close();
    co_await asyncio::gather(early, late);
    co_await server.wait_closed();
    print("end");
}

int main() { asyncio::run(amain()); }
