// Pins AGN-01: an exception raised by the exit replaces that of the body, and outer managers see
// the new one.
#include "py.hpp"

struct Manager {
    explicit Manager(std::string n, std::exception_ptr e = nullptr)
        : name(std::move(n)), error(std::move(e)) {}

    asyncio::Coroutine<Manager*> aenter() {
        print(name, "enter");
        co_return this;
    }

    asyncio::Coroutine<bool> aexit(std::exception_ptr exc) {
        print(name, "exit", exc);
        co_await asyncio::sleep(0);
        if (error) std::rethrow_exception(error);
        co_return true;
    }

    std::string name;
    std::exception_ptr error;
};

template <class E>
std::exception_ptr make(std::string text) {
    return std::make_exception_ptr(E(text));
}

asyncio::Coroutine<> amain() {
    try {
        co_await asyncio::async_with(Manager("outer", make<asyncio::RuntimeError>("outer")),
                                     Manager("inner", make<asyncio::LookupError>("inner")),
                                     [](Manager*, Manager*) -> asyncio::Coroutine<> {
                                         throw asyncio::ValueError("body");
                                         co_return;
                                     });
    } catch (const asyncio::RuntimeError& e) {
        print("raised", asyncio::repr(e));
    }
    try {
        co_await asyncio::async_with(Manager("only exit fails", make<asyncio::LookupError>("exit")),
                                     [](Manager*) -> asyncio::Coroutine<> {
                                         print("body");
                                         co_return;
                                     });
    } catch (const asyncio::LookupError& e) {
        print("raised", asyncio::repr(e));
    }
    co_await asyncio::async_with(
        Manager("suppresses the replacement"), [](Manager*) -> asyncio::Coroutine<> {
            co_await asyncio::async_with(Manager("replaces", make<asyncio::LookupError>("new")),
                                         [](Manager*) -> asyncio::Coroutine<> {
                                             throw asyncio::ValueError("old");
                                             co_return;
                                         });
        });
    print("end");
}

int main() { asyncio::run(amain()); }
