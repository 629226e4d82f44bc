// Pins TGP-04: one failure outside Exception turns the whole into a BaseExceptionGroup, which an
// `except Exception` (C++: catch of std::exception) must not swallow.
#include "py.hpp"

struct Halt : virtual asyncio::BaseException {
    using asyncio::BaseException::BaseException;
};

asyncio::Coroutine<> fail(std::exception_ptr error) {
    co_await asyncio::sleep(0);
    print("raises", asyncio::repr(error));
    std::rethrow_exception(error);
}

asyncio::Coroutine<> attempt(std::exception_ptr first, std::exception_ptr second) {
    try {
        co_await asyncio::async_with(asyncio::TaskGroup{},
                                     [&](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
                                         tg.create_task(fail(first));
                                         tg.create_task(fail(second));
                                         co_return;
                                     });
    } catch (const std::exception& e) {
        print("Exception:", asyncio::str(e));
        throw;
    }
}

asyncio::Coroutine<> amain() {
    auto v = std::make_exception_ptr(asyncio::ValueError("v"));
    auto h = std::make_exception_ptr(Halt("h"));
    auto t = std::make_exception_ptr(asyncio::TypeError("t"));
    try {
        co_await attempt(v, h);
    } catch (const asyncio::BaseExceptionGroup& g) {
        print(asyncio::type_name(g), asyncio::str(g), g.exceptions(),
              dynamic_cast<const asyncio::Exception*>(&g) != nullptr);
    }
    try {
        co_await attempt(v, t);
    } catch (const asyncio::BaseExceptionGroup& g) {
        print(asyncio::type_name(g), asyncio::str(g), g.exceptions(),
              dynamic_cast<const asyncio::Exception*>(&g) != nullptr);
    }
}

int main() { asyncio::run(amain()); }
