// Pins SRV-01, AGN-01: leaving `async with server` closes the listener, also when the block raises;
// the exception goes on.
#include "py.hpp"

asyncio::Coroutine<> on_client(asyncio::StreamReader, asyncio::StreamWriter writer) {
    writer.write("hi");
    writer.close();
    co_return;
}

asyncio::Coroutine<> amain() {
    auto server = co_await asyncio::start_server(on_client, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    try {
        co_await asyncio::async_with(server, [&](asyncio::Server) -> asyncio::Coroutine<> {
            print("serving", server.is_serving());
            auto connected = co_await asyncio::open_connection("127.0.0.1", port);
            auto& [reader, writer] = connected;
            const auto data = co_await reader.read();
            print(py::bytes(data));
            writer.close();
            co_await writer.wait_closed();
            throw asyncio::ValueError("leave");
        });
    } catch (const asyncio::ValueError& e) {
        print(asyncio::repr(e), server.is_serving());
    }
    try {
        co_await asyncio::open_connection("127.0.0.1", port);
    } catch (const asyncio::OSError& e) {
        print(asyncio::type_name(e), dynamic_cast<const asyncio::ConnectionError*>(&e) != nullptr);
    }
}

int main() { asyncio::run(amain()); }
