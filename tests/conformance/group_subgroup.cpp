// Pins section 25: subgroup with a predicate sees groups before their leaves; a leaf is kept with
// all the groups around it, and empty groups vanish.
#include "py.hpp"

template <class E>
std::exception_ptr make(std::string text) {
    return std::make_exception_ptr(E(text));
}

asyncio::Coroutine<> amain() {
    auto first = std::make_exception_ptr(asyncio::ExceptionGroup(
        "first", {make<asyncio::ValueError>("x1"), make<asyncio::ValueError>("y1")}));
    auto second = std::make_exception_ptr(
        asyncio::ExceptionGroup("second", {make<asyncio::ValueError>("y2")}));
    asyncio::BaseExceptionGroup group("outer",
                                      {make<asyncio::KeyboardInterrupt>("k"), first, second});
    std::vector<std::string> seen;

    auto has_x = [&](const std::exception_ptr& e) {
        seen.push_back(asyncio::str(e));
        return asyncio::str(e).starts_with("x");
    };

    print(group.subgroup(has_x));
    print(seen);
    print(group.subgroup(
        [](const std::exception_ptr& e) { return asyncio::str(e).starts_with("second"); }));
    print(group.subgroup([](const std::exception_ptr&) { return false; }));
    auto ordinary = group.subgroup<asyncio::ValueError>();
    print(asyncio::type_name(group), asyncio::type_name(ordinary),
          asyncio::is_instance<asyncio::Exception>(ordinary));
    print(ordinary);
    co_return;
}

int main() { asyncio::run(amain()); }
