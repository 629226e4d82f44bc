// Pins section 25 (derive): split and subgroup of a subclass keep its type if it overrides derive,
// and fall back to a plain group if not.
#include "py.hpp"

struct Rich : asyncio::ExceptionGroup {
    using asyncio::ExceptionGroup::ExceptionGroup;
    std::exception_ptr derive(ErrorList errors) const override {
        return std::make_exception_ptr(Rich(message(), errors));
    }
};

struct Poor : asyncio::ExceptionGroup {
    using asyncio::ExceptionGroup::ExceptionGroup;
};

template <class Kind>
void show() {
    Kind group("m", {std::make_exception_ptr(asyncio::ValueError("a")),
                     std::make_exception_ptr(asyncio::TypeError("b"))});
    auto parts = group.template split<asyncio::ValueError>();
    auto& [match, rest] = parts;
    print(asyncio::type_name(group), asyncio::type_name(match), asyncio::type_name(rest));
    print(match, rest);
    try {
        throw asyncio::ExceptionGroup("around", {std::make_exception_ptr(group),
                                                 std::make_exception_ptr(asyncio::OSError("c"))});
    } catch (...) {
        asyncio::ExceptStar(std::current_exception())
            .except<asyncio::TypeError>([](const asyncio::BaseExceptionGroup& g) {
                auto first = g.exceptions()[0];
                print(asyncio::type_name(first),
                      asyncio::exception_cast<asyncio::BaseExceptionGroup>(first)->exceptions());
            })
            .template except<asyncio::Exception>([](const asyncio::BaseExceptionGroup& g) {
                print(g.exceptions().size(), asyncio::type_name(g.exceptions()[0]));
            })
            .raise();
    }
}

asyncio::Coroutine<> amain() {
    show<Rich>();
    show<Poor>();
    co_return;
}

int main() { asyncio::run(amain()); }
