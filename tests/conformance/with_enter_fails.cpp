// Pins AGN-01: a manager whose enter fails is not left and its body does not run; those entered
// before it are left with that error.
#include "py.hpp"

struct Manager {
    explicit Manager(std::string n, bool f = false) : name(std::move(n)), fail(f) {}

    asyncio::Coroutine<Manager*> aenter() {
        co_await asyncio::sleep(0);
        print(name, "enter");
        if (fail) throw asyncio::ValueError(name);
        co_return this;
    }

    asyncio::Coroutine<bool> aexit(std::exception_ptr exc) {
        print(name, "exit", exc);
        co_return false;
    }

    std::string name;
    bool fail;
};

asyncio::Coroutine<> amain() {
    try {
        co_await asyncio::async_with(Manager("a"), [](Manager*) -> asyncio::Coroutine<> {
            co_await asyncio::async_with(Manager("b", true), Manager("c"),
                                         [](Manager*, Manager*) -> asyncio::Coroutine<> {
                                             print("not reached");
                                             co_return;
                                         });
        });
    } catch (const asyncio::ValueError& e) {
        print("raised", asyncio::repr(e));
    }

    auto body = []() -> asyncio::Coroutine<> {
        co_await asyncio::async_with(Manager("d"), Manager("e"),
                                     [](Manager*, Manager*) -> asyncio::Coroutine<> {
                                         print("not reached");
                                         co_return;
                                     });
    };

    auto task = asyncio::create_task(body);
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    task.cancel();
    std::vector<asyncio::Task<>> tasks{task};
    co_await asyncio::wait(tasks);
    print("cancelled while entering", task.cancelled());
}

int main() { asyncio::run(amain()); }
