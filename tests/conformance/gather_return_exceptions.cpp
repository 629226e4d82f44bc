// TSK-32, TSK-33: return_exceptions waits for everybody and puts exceptions (CancelledError too) in
// their slots, in argument order.
#include "py.hpp"

asyncio::Coroutine<int> value(int n) {
    co_await asyncio::sleep(0);
    print("value", n);
    co_return n;
}

asyncio::Coroutine<int> fail(int turns) {
    for (int i = 0; i < turns; ++i) co_await asyncio::sleep(0);
    print("fail", turns);
    throw asyncio::ValueError("after " + std::to_string(turns));
}

asyncio::Coroutine<int> cancels() {
    throw asyncio::CancelledError("own");
    co_return 0;
}

std::string show(const asyncio::Outcome<int>& outcome) {
    return outcome ? py::repr(outcome.value()) : asyncio::repr(outcome.exception());
}

asyncio::Coroutine<> amain() {
    auto both = asyncio::gather(asyncio::return_exceptions, value(1), fail(0), value(2), fail(3),
                                cancels());
    auto outcomes = co_await both;
    auto& [first, second, third, fourth, fifth] = outcomes;
    for (auto* outcome : {&first, &second, &third, &fourth}) print(show(*outcome));
    print(asyncio::type_name(fifth.exception()));
    print(both.cancelled(), !both.exception());
    std::vector<asyncio::Task<int>> tasks;
    for (int n = 0; n < 2; ++n) tasks.push_back(asyncio::create_task(fail(n)));
    auto list = co_await asyncio::gather(asyncio::return_exceptions, tasks);
    for (const auto& outcome : list) print(show(outcome));
}

int main() { asyncio::run(amain()); }
