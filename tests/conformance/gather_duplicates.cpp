// TSK-32: a future or task passed twice runs once and fills both slots; gather of nothing is a
// finished future with an empty list; gather of finished futures is finished at once (3.12).
#include "py.hpp"

asyncio::Coroutine<std::string> work(std::string name) {
    print("runs", name);
    co_await asyncio::sleep(0);
    co_return name;
}

template <class... T>
auto list(const std::tuple<T...>& values) {
    return std::apply([](const auto&... v) { return std::vector{v...}; }, values);
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto a = asyncio::create_task(work("a"));
    auto b = asyncio::create_task(work("b"));
    print(list(co_await asyncio::gather(a, b, a, a)));
    auto fut = loop.create_future<int>();
    loop.call_soon([&] { fut.set_result(1); });
    print(list(co_await asyncio::gather(fut, fut)));
    loop.call_soon([] { print("an iteration passed"); });
    std::vector<asyncio::Task<int>> nothing;
    auto empty = asyncio::gather(nothing);
    print(co_await empty, empty.done());
    co_await asyncio::sleep(0);
    auto done = asyncio::gather(a, a);
    print("all children done, gather done:", done.done());
    print(list(co_await done));
}

int main() { asyncio::run(amain()); }
