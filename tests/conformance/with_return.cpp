// Pins AGN-01, TGP-18: leaving the block by return awaits the exit before the value gets out; an
// exit that raises takes the value's place.
#include "py.hpp"

struct Manager {
    explicit Manager(bool f) : fail(f) {}

    asyncio::Coroutine<Manager*> aenter() { co_return this; }

    asyncio::Coroutine<> aexit(std::exception_ptr exc) {
        print("exit starts", exc);
        co_await asyncio::sleep(0);
        print("exit ends");
        if (fail) throw asyncio::ValueError("exit");
    }

    bool fail;
};

asyncio::Coroutine<int> compute(bool fail) {
    co_return co_await asyncio::async_with(Manager(fail), [](Manager*) -> asyncio::Coroutine<int> {
        print("returning");
        co_return 42;
    });
}

asyncio::Coroutine<std::optional<int>> find(std::vector<int> items, int wanted) {
    for (int item : items) {
        auto found = co_await asyncio::async_with(
            Manager(false), [&](Manager*) -> asyncio::Coroutine<std::optional<int>> {
                if (item == wanted) co_return item;
                print("not", item);
                co_return std::nullopt;
            });
        if (found) co_return *found;
    }
    co_return std::nullopt;
}

asyncio::Coroutine<> amain() {
    const int result = co_await compute(false);
    print(result);
    try {
        co_await compute(true);
    } catch (const asyncio::ValueError& e) {
        print(asyncio::repr(e));
    }
    std::vector<int> three{1, 2, 3};
    std::vector<int> one{1};
    auto found = co_await find(three, 2);
    print(found);
    found = co_await find(one, 2);
    print(found);
}

int main() { asyncio::run(amain()); }
