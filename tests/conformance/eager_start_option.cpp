// TSK-25, TSK-29: eager_start for a single task (spelled Task(..., eager_start=True) before 3.14):
// this one starts at once, its siblings do not.
#include "py.hpp"

asyncio::Coroutine<std::string> work(std::string name) {
    print("start", name);
    co_await asyncio::sleep(0);
    print("end", name);
    co_return name;
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    loop.call_soon([] { print("soon"); });
    auto lazy = asyncio::create_task(work("lazy"));
    auto eager = asyncio::create_task(work("eager"), {.eager_start = true});
    print("created", lazy.done(), eager.done());
    auto first = co_await eager;
    print(first, co_await lazy);
}

int main() { asyncio::run(amain()); }
