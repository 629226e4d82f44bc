// Pins SRV-04: serve_forever is awaited once; cancelling it closes the server and raises
// CancelledError; a plain close() ends it with CancelledError too; on a closed server it is
// refused.
#include "py.hpp"

asyncio::Coroutine<> on_client(asyncio::StreamReader, asyncio::StreamWriter writer) {
    writer.close();
    co_return;
}

bool contains(const asyncio::RuntimeError& e, std::string text) {
    return asyncio::str(e).find(text) != std::string::npos;
}

asyncio::Coroutine<> amain() {
    auto server =
        co_await asyncio::start_server(on_client, "127.0.0.1", 0, {.start_serving = false});
    print("serving", server.is_serving());
    auto task = asyncio::create_task(server.serve_forever());
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    print("serving", server.is_serving());
    try {
        co_await server.serve_forever();
    } catch (const asyncio::RuntimeError& e) {
        print(contains(e, "is already being awaited on serve_forever()"));
    }
    task.cancel();
    std::vector<asyncio::Task<>> tasks{task};
    co_await asyncio::wait(tasks);
    print("cancelled", task.cancelled(), server.is_serving());
    try {
        co_await server.serve_forever();
    } catch (const asyncio::RuntimeError& e) {
        print(contains(e, "is closed"));
    }

    server = co_await asyncio::start_server(on_client, "127.0.0.1", 0);
    task = asyncio::create_task(server.serve_forever());
    co_await asyncio::sleep(0);
    server.close();
    tasks[0] = task;
    co_await asyncio::wait(tasks);
    print("closed", task.cancelled(), server.is_serving());
}

int main() { asyncio::run(amain()); }
