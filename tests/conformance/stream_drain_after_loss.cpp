// Pins STR-15, STR-16, TRN-04: when the connection is lost, drain waiters wake; drain on a lost
// connection raises ConnectionResetError, a plain write is dropped silently.
#include "py.hpp"

asyncio::Coroutine<> amain() {
    auto accepted = asyncio::get_running_loop().create_future<asyncio::StreamWriter>();

    auto serve = [&](asyncio::StreamReader, asyncio::StreamWriter writer) -> asyncio::Coroutine<> {
        accepted.set_result(writer);
        co_return;
    };

    auto drainer = [](asyncio::StreamWriter writer) -> asyncio::Coroutine<> {
        try {
            co_await writer.drain();
            print("drained");
        } catch (const asyncio::ConnectionResetError& e) {
            print("waiter", asyncio::repr(e));
        }
    };

    auto server = co_await asyncio::start_server(serve, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    auto connected = co_await asyncio::open_connection("127.0.0.1", port);
    auto& [reader, writer] = connected;
    auto peer = co_await accepted;
    peer.transport()->pause_reading();
    writer.write(std::string(1 << 24, '\0'));
    auto task = asyncio::create_task(drainer(writer));
    co_await asyncio::sleep(0);
    print("blocked", !task.done());
    writer.transport()->abort();
    co_await task;
    print("closing", writer.is_closing());
    writer.write("dropped");
    try {
        co_await writer.drain();
    } catch (const asyncio::ConnectionResetError& e) {
        print(asyncio::repr(e));
    }
    co_await writer.wait_closed();
    peer.transport()->abort();
    server.close();
}

int main() { asyncio::run(amain()); }
