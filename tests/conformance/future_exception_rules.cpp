// FUT-01, G-06: set_exception with an Exception, with CancelledError and with KeyboardInterrupt: a
// future finished with CancelledError is not cancelled(), but awaiting it raises CancelledError.
#include "py.hpp"

using Fut = asyncio::Future<int>;

asyncio::Coroutine<> waiter(Fut fut) {
    try {
        co_await fut;
    } catch (const asyncio::Exception& e) {
        print("Exception", asyncio::repr(e));
    } catch (const asyncio::BaseException& e) {
        print("BaseException", asyncio::repr(e));
        throw;
    }
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    std::vector<std::exception_ptr> errors;
    errors.push_back(std::make_exception_ptr(asyncio::ValueError("v")));
    errors.push_back(std::make_exception_ptr(asyncio::CancelledError("c")));
    for (auto error : errors) {
        auto fut = loop.create_future<int>();
        fut.set_exception(error);
        print(fut.done(), fut.cancelled(), fut.exception() == error);
        auto task = asyncio::create_task(waiter(fut));
        co_await asyncio::wait(std::vector(1, task));
        print("task", task.cancelled(), "future", fut.cancelled());
        try {
            fut.result();
        } catch (const asyncio::CancelledError& e) {
            print("result", asyncio::repr(e));
        } catch (const asyncio::ValueError& e) {
            print("result", asyncio::repr(e));
        }
    }
}

int main() { asyncio::run(amain()); }
