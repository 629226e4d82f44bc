// Pins LCK-08, LCK-09: wait_for re-checks the predicate after every wake-up and returns its last
// value; a notification that does not make it true leaves the waiter asleep.
#include "py.hpp"

std::vector<int> items;

bool two_items() {
    print("checked", items.size());
    return items.size() >= 2;
}

asyncio::Coroutine<> consumer(asyncio::Condition cond) {
    auto guard = co_await cond.scoped();
    const bool result = co_await cond.wait_for(two_items);
    print("result", result);
    print("took", items);
    items.clear();
}

asyncio::Coroutine<> producer(asyncio::Condition cond) {
    for (int i = 0; i < 2; ++i) {
        {
            auto guard = co_await cond.scoped();
            items.push_back(i);
            cond.notify();
            print("produced", i);
        }
        co_await asyncio::sleep(0);
    }
}

asyncio::Coroutine<> amain() {
    asyncio::Condition cond;
    co_await asyncio::gather(consumer(cond), producer(cond));
    print(items, cond.locked());
}

int main() { asyncio::run(amain()); }
