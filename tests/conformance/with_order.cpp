// Pins AGN-01: several managers are entered left to right and left right to left, each awaited to
// its end, around the body and around each other.
#include "py.hpp"

#include <cctype>

struct Manager {
    explicit Manager(std::string n) : name(std::move(n)) {}

    asyncio::Coroutine<std::string> aenter() {
        print(name, "enter");
        co_await asyncio::sleep(0);
        print(name, "entered");
        co_return std::string(1, static_cast<char>(std::toupper(name[0])));
    }

    asyncio::Coroutine<bool> aexit(std::exception_ptr exc) {
        print(name, "exit", exc);
        co_await asyncio::sleep(0);
        print(name, "left");
        co_return false;
    }

    std::string name;
};

asyncio::Coroutine<> amain() {
    co_await asyncio::async_with(Manager("a"), Manager("b"),
                                 [](std::string a, std::string b) -> asyncio::Coroutine<> {
                                     print("body", a, b);
                                     co_return;
                                 });
    try {
        co_await asyncio::async_with(Manager("c"), [](std::string c) -> asyncio::Coroutine<> {
            co_await asyncio::async_with(Manager("d"), [&](std::string d) -> asyncio::Coroutine<> {
                print("body", c, d);
                throw asyncio::ValueError("boom");
                co_return;
            });
        });
    } catch (const asyncio::ValueError& e) {
        print("raised", asyncio::repr(e));
    }
}

int main() { asyncio::run(amain()); }
