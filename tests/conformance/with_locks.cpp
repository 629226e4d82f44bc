// Pins AGN-02, LCK-01, LCK-10: the scope of a Lock, Semaphore or Condition releases on every way
// out, also through an exception or a cancelled wait, without a turn of the loop.
#include "py.hpp"

template <class Primitive>
asyncio::Coroutine<> holder(Primitive lock, std::string name) {
    auto guard = co_await lock.scoped();
    print(name, "in");
    co_await asyncio::sleep(0);
    throw asyncio::ValueError(name);
}

template <class Primitive>
asyncio::Coroutine<> fail_twice(Primitive primitive) {
    auto results = co_await asyncio::gather(asyncio::return_exceptions, holder(primitive, "a"),
                                            holder(primitive, "b"));
    auto& [a, b] = results;
    std::vector<std::string> texts{asyncio::repr(a.exception()), asyncio::repr(b.exception())};
    print(texts, primitive.locked());
}

asyncio::Coroutine<> amain() {
    asyncio::Lock lock;
    asyncio::Semaphore sem(1);
    asyncio::Condition cond;
    co_await fail_twice(lock);
    co_await fail_twice(sem);
    co_await fail_twice(cond);
    {
        auto guard = co_await lock.scoped();
        auto task = asyncio::create_task(holder(lock, "waits"));
        co_await asyncio::sleep(0);
        task.cancel();
        std::vector<asyncio::Task<>> tasks{task};
        co_await asyncio::wait(tasks);
        print("cancelled waiter", task.cancelled(), lock.locked());
    }
    print(lock.locked());
}

int main() { asyncio::run(amain()); }
