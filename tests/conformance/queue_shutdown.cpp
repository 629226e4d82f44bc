// Pins QUE-07: after shutdown() puts raise at once, gets drain what is left and then raise; blocked
// putters and getters wake and raise, in order. (Python 3.13)
#include "py.hpp"

asyncio::Coroutine<> putter(asyncio::Queue<std::string> q, std::string item) {
    try {
        co_await q.put(item);
        print("put", item);
    } catch (const asyncio::QueueShutDown&) {
        print("putter refused", item);
    }
}

asyncio::Coroutine<> getter(asyncio::Queue<std::string> q, std::string name) {
    try {
        const auto item = co_await q.get();
        print(name, "got", item);
    } catch (const asyncio::QueueShutDown&) {
        print(name, "shut down");
    }
}

asyncio::Coroutine<> amain() {
    asyncio::Queue<std::string> q(1);
    q.put_nowait("kept");
    std::vector<asyncio::Task<>> putters;
    for (std::string i : {"0", "1"}) putters.push_back(asyncio::create_task(putter(q, i)));
    co_await asyncio::sleep(0);
    q.shutdown();
    print("shutdown", q.qsize(), q.full());
    try {
        q.put_nowait("late");
    } catch (const asyncio::QueueShutDown& e) {
        print(asyncio::type_name(e));
    }
    co_await asyncio::gather(putters);
    co_await getter(q, "first");
    co_await getter(q, "second");
    try {
        q.get_nowait();
    } catch (const asyncio::QueueShutDown& e) {
        print(asyncio::type_name(e));
    }

    asyncio::Queue<std::string> empty;
    std::vector<asyncio::Task<>> getters;
    for (std::string name : {"a", "b"})
        getters.push_back(asyncio::create_task(getter(empty, name)));
    co_await asyncio::sleep(0);
    empty.shutdown();
    print("nobody ran yet");
    co_await asyncio::gather(getters);
}

int main() { asyncio::run(amain()); }
