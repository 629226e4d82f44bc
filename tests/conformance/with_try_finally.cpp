// Pins AGN-05: clean-up behind finally runs on success, error and cancel; a second cancel
// interrupts it; an error in it replaces the first one.
#include "py.hpp"

asyncio::Coroutine<std::string> work(std::string kind) {
    co_return co_await asyncio::try_finally(
        [&]() -> asyncio::Coroutine<std::string> {
            co_await asyncio::sleep(0);
            if (kind == "fail") throw asyncio::ValueError("body");
            if (kind == "cancel" || kind == "cancel twice") co_await asyncio::sleep(10);
            print("body done");
            co_return kind;
        },
        [&]() -> asyncio::Coroutine<> {
            print("clean-up");
            for (int i = 0; i < 3; ++i) co_await asyncio::sleep(0);
            print("cleaned up");
            if (kind == "replace") throw asyncio::LookupError("clean-up");
        });
}

asyncio::Coroutine<> amain() {
    for (std::string kind : {"ok", "fail", "replace", "cancel", "cancel twice"}) {
        auto task = asyncio::create_task(work(kind));
        co_await asyncio::sleep(0);
        co_await asyncio::sleep(0);
        const int cancels = kind == "cancel" ? 1 : kind == "cancel twice" ? 2 : 0;
        for (int i = 0; i < cancels; ++i) {
            task.cancel();
            co_await asyncio::sleep(0);
            co_await asyncio::sleep(0);
        }
        std::vector<asyncio::Task<std::string>> tasks{task};
        co_await asyncio::wait(tasks);
        if (task.cancelled())
            print(kind, "->", "cancelled");
        else if (task.exception())
            print(kind, "->", asyncio::repr(task.exception()));
        else
            print(kind, "->", task.result());
    }
}

int main() { asyncio::run(amain()); }
