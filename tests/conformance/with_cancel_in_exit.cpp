// Pins AGN-01, AGN-05: a cancelled body is left through its exit, which may await; a second cancel
// interrupts that exit, and the outer manager is still left.
#include "py.hpp"

struct Manager {
    explicit Manager(std::string n) : name(std::move(n)) {}

    asyncio::Coroutine<Manager*> aenter() { co_return this; }

    asyncio::Coroutine<> aexit(std::exception_ptr exc) {
        print(name, "exit", asyncio::type_name(exc));
        try {
            for (int i = 0; i < 3; ++i) co_await asyncio::sleep(0);
            print(name, "left");
        } catch (const asyncio::CancelledError&) {
            print(name, "exit interrupted");
            throw;
        }
    }

    std::string name;
};

asyncio::Coroutine<> body() {
    co_await asyncio::async_with(
        Manager("outer"), Manager("inner"),
        [](Manager*, Manager*) -> asyncio::Coroutine<> { co_await asyncio::sleep(10); });
}

asyncio::Coroutine<> amain() {
    for (int cancels : {1, 2}) {
        auto task = asyncio::create_task(body());
        co_await asyncio::sleep(0);
        for (int i = 0; i < cancels; ++i) {
            print("cancel", task.cancel());
            co_await asyncio::sleep(0);
            co_await asyncio::sleep(0);
        }
        std::vector<asyncio::Task<>> tasks{task};
        co_await asyncio::wait(tasks);
        print("cancelled", task.cancelled(), task.cancelling());
    }
}

int main() { asyncio::run(amain()); }
