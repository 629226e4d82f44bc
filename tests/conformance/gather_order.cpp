// TSK-32: gather starts its coroutines in argument order, lets them finish in any order and returns
// results in argument order; futures and coroutines mix.
#include "py.hpp"

asyncio::Coroutine<std::string> work(std::string name, int turns) {
    print("start", name);
    for (int i = 0; i < turns; ++i) co_await asyncio::sleep(0);
    print("end", name);
    co_return name;
}

template <class... T>
std::vector<std::string> list(const std::tuple<T...>& values) {
    return std::apply([](const auto&... v) { return std::vector<std::string>{v...}; }, values);
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto fut = loop.create_future<std::string>();
    loop.call_soon([&] { fut.set_result("future"); });
    auto task = asyncio::create_task(work("task", 1));
    auto both = asyncio::gather(work("slow", 3), fut, work("quick", 0), task);
    print("gather returned", both.done());
    print(list(co_await both));
    std::vector<asyncio::Coroutine<std::string>> many;
    for (int n = 0; n < 3; ++n) many.push_back(work(std::to_string(n), 3 - n));
    print(co_await asyncio::gather(std::move(many)));
    loop.call_soon([] { print("an iteration passed"); });
    print(list(co_await both));
    co_await asyncio::sleep(0);
}

int main() { asyncio::run(amain()); }
