// Pins STR-17, TRN-04, TRN-08: close() flushes what was written before; later writes are dropped or
// lost without an error; close is idempotent, wait_closed can be repeated.
#include "py.hpp"

asyncio::Coroutine<> amain() {
    auto received = asyncio::get_running_loop().create_future<std::string>();

    auto on_client = [&](asyncio::StreamReader reader,
                         asyncio::StreamWriter writer) -> asyncio::Coroutine<> {
        const auto data = co_await reader.read();
        received.set_result(data);
        writer.close();
    };

    auto server = co_await asyncio::start_server(on_client, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    auto connected = co_await asyncio::open_connection("127.0.0.1", port);
    auto& [reader, writer] = connected;
    writer.write("first ");
    std::vector<std::string> lines{"second ", "third"};
    writer.writelines(lines);
    print("closing", writer.is_closing());
    writer.close();
    writer.close();
    print("closing", writer.is_closing());
    co_await writer.wait_closed();
    writer.write("dropped");
    const auto data = co_await received;
    print("received", py::bytes(data));
    co_await writer.wait_closed();
    try {
        co_await writer.drain();
    } catch (const asyncio::ConnectionResetError& e) {
        print(asyncio::repr(e));
    }
    server.close();
}

int main() { asyncio::run(amain()); }
