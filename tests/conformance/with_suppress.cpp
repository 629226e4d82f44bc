// Pins AGN-01: a true result of the exit suppresses the exception: outer managers see none and the
// program goes on behind the block; a true result without an exception changes nothing.
#include "py.hpp"

struct Manager {
    Manager(std::string n, bool s) : name(std::move(n)), suppress(s) {}

    asyncio::Coroutine<Manager*> aenter() { co_return this; }

    asyncio::Coroutine<bool> aexit(std::exception_ptr exc) {
        co_await asyncio::sleep(0);
        print(name, "exit", exc);
        co_return suppress;
    }

    std::string name;
    bool suppress;
};

asyncio::Coroutine<> amain() {
    co_await asyncio::async_with(Manager("outer", false), Manager("inner", true),
                                 [](Manager*, Manager*) -> asyncio::Coroutine<> {
                                     print("body");
                                     throw asyncio::ValueError("suppressed");
                                     co_return;
                                 });
    print("goes on");
    co_await asyncio::async_with(Manager("no error", true), [](Manager*) -> asyncio::Coroutine<> {
        print("body");
        co_return;
    });
    try {
        co_await asyncio::async_with(Manager("outer", false), Manager("inner", false),
                                     [](Manager*, Manager*) -> asyncio::Coroutine<> {
                                         throw asyncio::ValueError("kept");
                                         co_return;
                                     });
    } catch (const asyncio::ValueError& e) {
        print("raised", asyncio::repr(e));
    }

    co_await asyncio::async_with(Manager("cancel", true), [](Manager*) -> asyncio::Coroutine<> {
        asyncio::current_task().cancel();
        co_await asyncio::sleep(10);
    });
    print("cancel suppressed", asyncio::current_task().cancelling());
}

int main() { asyncio::run(amain()); }
