// FUT-09: every retrieval and every waiter gets the same exception object, and awaiting a failed
// future that is done raises without an iteration.
#include "py.hpp"

struct Boom : asyncio::Exception {
    using asyncio::Exception::Exception;
    mutable int seen = 0;
};

using Fut = asyncio::Future<int>;

asyncio::Coroutine<> waiter(std::string name, Fut fut) {
    try {
        co_await fut;
    } catch (const Boom& e) {
        e.seen += 1;
        print(name, asyncio::str(e), e.seen);
    }
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto fut = loop.create_future<int>();
    std::vector<asyncio::Task<void>> tasks;
    for (auto n : {"a", "b"}) tasks.push_back(asyncio::create_task(waiter(n, fut)));
    co_await asyncio::sleep(0);
    fut.set_exception(Boom("shared"));
    try {
        fut.result();
    } catch (const Boom& e) {
        e.seen += 1;
        print("result()", e.seen);
    }
    co_await asyncio::sleep(0);
    loop.call_soon([] { print("an iteration passed"); });
    co_await waiter("main", fut);
    co_await waiter("main again", fut);
    print(fut.exception() == fut.exception(), tasks[0].done(), tasks[1].done());
    co_await asyncio::sleep(0);
}

int main() { asyncio::run(amain()); }
