// Pins STR-13, TSK-23: a read on a socket given up by wait_for is resumed later without losing a
// byte; the connection stays usable.
#include "py.hpp"

asyncio::Coroutine<> amain() {
    asyncio::Event go;

    auto on_client = [&](asyncio::StreamReader,
                         asyncio::StreamWriter writer) -> asyncio::Coroutine<> {
        writer.write("half a ");
        co_await go.wait();
        writer.write("line\nnext\n");
        writer.close();
        co_await writer.wait_closed();
    };

    auto server = co_await asyncio::start_server(on_client, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    auto connected = co_await asyncio::open_connection("127.0.0.1", port);
    auto& [reader, writer] = connected;
    for (int i = 0; i < 2; ++i) {
        try {
            co_await asyncio::wait_for(reader.readline(), 0.03);
            print("not reached");
        } catch (const asyncio::TimeoutError&) {
            print("timed out");
        }
    }
    auto task = asyncio::create_task(reader.readline());
    co_await asyncio::sleep(0);
    task.cancel();
    std::vector<asyncio::TaskRef> tasks{task};
    co_await asyncio::wait(tasks);
    print("cancelled", task.cancelled());
    go.set();
    for (int i = 0; i < 3; ++i) {
        const auto line = co_await reader.readline();
        print(py::bytes(line));
    }
    writer.close();
    co_await writer.wait_closed();
    server.close();
}

int main() { asyncio::run(amain()); }
