// TSK-26, TSK-28, TSK-32: gather and TaskGroup over eager tasks: children run while they are being
// created; all finished at once makes gather done without an iteration.
#include "py.hpp"

asyncio::Coroutine<std::string> work(std::string name, int turns) {
    print("start", name);
    for (int i = 0; i < turns; ++i) co_await asyncio::sleep(0);
    print("end", name);
    co_return name;
}

template <class... T>
auto list(const std::tuple<T...>& values) {
    return std::apply([](const auto&... v) { return std::vector{v...}; }, values);
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    loop.set_task_factory(asyncio::eager_task_factory);
    loop.call_soon([] { print("an iteration passed"); });
    std::vector<asyncio::Coroutine<std::string>> first;
    first.push_back(work("a", 0));
    first.push_back(work("b", 0));
    auto quick = asyncio::gather(std::move(first));
    print("gather", quick.done());
    print(co_await quick);
    std::vector<asyncio::Coroutine<std::string>> second;
    second.push_back(work("c", 1));
    second.push_back(work("d", 0));
    auto mixed = asyncio::gather(std::move(second));
    print("gather", mixed.done());
    print(co_await mixed);
    asyncio::Task<std::string> e, f;
    co_await asyncio::async_with(asyncio::TaskGroup{},
                                 [&](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
                                     e = tg.create_task(work("e", 1));
                                     print("in the body", e.done());
                                     f = tg.create_task(work("f", 0));
                                     print("in the body", f.done());
                                     co_return;
                                 });
    print(e.result(), f.result());
}

int main() { asyncio::run(amain()); }
