// TSK-45: on timeout the next one raises TimeoutError (and each that is left); the children are
// neither cancelled nor awaited.
#include "py.hpp"

using Fut = asyncio::Future<std::string>;

asyncio::Coroutine<std::string> work(Fut fut) { co_return co_await fut; }

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    std::vector<Fut> futs;
    for (int i = 0; i < 3; ++i) futs.push_back(loop.create_future<std::string>());
    std::vector<asyncio::Task<std::string>> tasks;
    for (const auto& f : futs) tasks.push_back(asyncio::create_task(work(f)));
    loop.call_soon([&] { futs[1].set_result("one"); });
    auto iterator = asyncio::as_completed(tasks, {.timeout = 0.01});
    for (;;) {
        try {
            auto earliest = co_await iterator.next();
            if (!earliest) break;
            print("got", co_await *earliest);
        } catch (const asyncio::TimeoutError& e) {
            print(asyncio::repr(e));
        }
    }
    std::vector<bool> done;
    std::vector<int> cancelling;
    for (const auto& t : tasks) done.push_back(t.done()), cancelling.push_back(t.cancelling());
    print(done, cancelling);
    futs[0].set_result("zero");
    futs[2].set_result("two");
    auto rest = asyncio::as_completed(tasks, {.timeout = 1000});
    for (;;) {
        auto earliest = co_await rest.next();
        if (!earliest) break;
        co_await *earliest;
    }
    std::vector<std::string> results;
    for (const auto& t : tasks) results.push_back(t.result());
    print(results);
}

int main() { asyncio::run(amain()); }
