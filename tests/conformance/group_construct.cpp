// Pins ERR-01: an ExceptionGroup of ordinary errors only, BaseExceptionGroup chooses the narrower
// type, empty groups are refused; `except Exception` catches the one and not the other.
#include "py.hpp"

using Errors = std::vector<std::exception_ptr>;

std::exception_ptr exception_group(Errors errors) {
    return std::make_exception_ptr(asyncio::ExceptionGroup("m", errors));
}
std::exception_ptr base_exception_group(Errors errors) {
    return asyncio::BaseExceptionGroup::make("m", errors);
}

std::exception_ptr make(std::exception_ptr (*kind)(Errors), Errors errors) {
    try {
        return kind(errors);
    } catch (const std::exception&) {
        return std::current_exception();
    }
}

asyncio::Coroutine<> amain() {
    auto value = std::make_exception_ptr(asyncio::ValueError());
    auto type = std::make_exception_ptr(asyncio::TypeError());
    auto cancelled = std::make_exception_ptr(asyncio::CancelledError());
    auto interrupt = std::make_exception_ptr(asyncio::KeyboardInterrupt());
    print(asyncio::type_name(make(exception_group, {value})));
    print(asyncio::type_name(make(exception_group, {cancelled})));
    print(asyncio::type_name(make(exception_group, {})));
    print(asyncio::type_name(make(base_exception_group, {})));
    print(asyncio::type_name(make(base_exception_group, {value})));
    print(asyncio::type_name(make(base_exception_group, {value, interrupt})));
    print(asyncio::str(make(exception_group, {value})));
    print(asyncio::str(make(exception_group, {value, type})));
    auto v = std::make_exception_ptr(asyncio::ValueError("v"));
    auto exit = std::make_exception_ptr(asyncio::SystemExit(1));
    for (auto error : {v, exit}) {
        try {
            try {
                std::rethrow_exception(make(base_exception_group, {error}));
            } catch (const std::exception& e) {
                print("Exception", asyncio::repr(e));
            }
        } catch (const asyncio::BaseException& e) {
            print("BaseException", asyncio::repr(e));
        }
    }
    co_return;
}

int main() { asyncio::run(amain()); }
