// TSK-35: cancelling the gather (or its awaiter) at every stage of its children's end: cancel() is
// accepted while a child can still be cancelled, else the request is delivered at the next step.
#include "py.hpp"

using Children = std::vector<asyncio::Task<std::string>>;

asyncio::Coroutine<std::string> child(std::string name, int turns) {
    try {
        for (int i = 0; i < turns; ++i) co_await asyncio::sleep(0);
    } catch (const asyncio::CancelledError&) {
        print("cancelled", name);
        throw;
    }
    co_return name;
}

asyncio::Coroutine<> parent(Children children) {
    try {
        print("parent got", co_await asyncio::gather(children));
    } catch (const asyncio::CancelledError& e) {
        print("parent", asyncio::repr(e));
        throw;
    }
}

Children start() {
    Children children;
    children.push_back(asyncio::create_task(child("a", 1)));
    children.push_back(asyncio::create_task(child("b", 2)));
    return children;
}

std::vector<bool> done(const Children& children) {
    std::vector<bool> states;
    for (const auto& c : children) states.push_back(c.done());
    return states;
}

asyncio::Coroutine<> amain() {
    for (int turns = 0; turns < 6; ++turns) {
        auto children = start();
        auto both = asyncio::gather(children);
        for (int i = 0; i < turns; ++i) co_await asyncio::sleep(0);
        bool accepted = both.cancel();
        print("gather", turns, accepted, both.done(), done(children));
        co_await asyncio::wait(std::vector(1, both));
        try {
            print(both.result());
        } catch (const asyncio::CancelledError&) {
            print("CancelledError", both.cancelled());
        }
    }
    for (int turns = 0; turns < 6; ++turns) {
        auto children = start();
        auto task = asyncio::create_task(parent(children));
        for (int i = 0; i < turns; ++i) co_await asyncio::sleep(0);
        bool accepted = task.cancel("stop");
        print("parent", turns, accepted, done(children));
        std::vector<asyncio::TaskRef> all(1, task);
        all.insert(all.end(), children.begin(), children.end());
        co_await asyncio::wait(all);
        std::vector<bool> cancelled;
        for (const auto& c : children) cancelled.push_back(c.cancelled());
        print(task.cancelled(), cancelled);
    }
}

int main() { asyncio::run(amain()); }
