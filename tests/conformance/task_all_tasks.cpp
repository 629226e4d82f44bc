// TSK-09: all_tasks() has every unfinished task of this loop (started or not, the caller too) and
// no finished ones; a finished task disappears as soon as its last step ends.
#include "py.hpp"

#include <algorithm>

std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const auto& t : asyncio::all_tasks()) all.push_back(t.get_name());
    std::sort(all.begin(), all.end());
    return all;
}

asyncio::Coroutine<> child(int count) {
    for (int i = 0; i < count; ++i) co_await asyncio::sleep(0);
}

asyncio::Coroutine<> amain() {
    asyncio::current_task().set_name("main");
    print(names());
    auto a = asyncio::create_task(child(0), {.name = "a"});
    auto b = asyncio::create_task(child(2), {.name = "b"});
    print(names());
    a.add_done_callback([] { print("callback of a", names()); });
    co_await asyncio::sleep(0);
    print(names());
    auto c = asyncio::create_task(child(1000), {.name = "c"});
    co_await asyncio::sleep(0);
    c.cancel();
    print("cancel requested", names());
    co_await asyncio::sleep(0);
    print(names(), a.done(), b.done(), c.done());
    co_await asyncio::sleep(0);
    print(names());
}

int main() { asyncio::run(amain()); }
