// TSK-21: the message of cancel(msg) is seen inside the task and by its awaiter; without msg both
// see none; of several requests the one being delivered keeps its message, else the last one wins.
#include "py.hpp"

using Message = std::optional<std::string>;

asyncio::Coroutine<> worker() {
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError& e) {
        print("inside", asyncio::repr(e));
        throw;
    }
}

asyncio::Coroutine<> translates() {
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError&) {
        throw asyncio::CancelledError("changed on the way");
    }
}

asyncio::Coroutine<> awaiter(asyncio::Task<void> task) {
    try {
        co_await task;
    } catch (const asyncio::CancelledError& e) {
        print("awaiter", asyncio::repr(e));
    }
}

asyncio::Coroutine<> check(asyncio::Coroutine<> body, std::vector<Message> messages, bool start) {
    auto task = asyncio::create_task(std::move(body));
    if (start) co_await asyncio::sleep(0);
    for (const auto& message : messages) task.cancel(message);
    co_await awaiter(task);
    print(task.cancelled(), task.cancelling());
}

asyncio::Coroutine<> amain() {
    const std::vector<Message> one(1, "one"), none(1), original(1, "original");
    std::vector<Message> both(1, "one");
    both.push_back("two");
    co_await check(worker(), one, true);
    co_await check(worker(), none, true);
    co_await check(worker(), both, true);
    co_await check(worker(), both, false);
    co_await check(translates(), original, true);
}

int main() { asyncio::run(amain()); }
