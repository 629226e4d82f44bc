// Pins ERR-01, section 25: split keeps message and nesting in both parts, gives None for an empty
// part, and matches subclasses; a group that matches itself is taken whole.
#include "py.hpp"

void show(asyncio::SplitResult pair) {
    auto& [match, rest] = pair;
    print("match", match);
    print("rest", rest);
}

template <class E>
std::exception_ptr make(std::string text) {
    return std::make_exception_ptr(E(text));
}

asyncio::Coroutine<> amain() {
    auto inner = std::make_exception_ptr(asyncio::ExceptionGroup(
        "inner", {make<asyncio::TypeError>("b"), make<asyncio::ConnectionResetError>("c"),
                  make<asyncio::ValueError>("d")}));
    asyncio::ExceptionGroup group(
        "outer", {make<asyncio::ValueError>("a"), inner, make<asyncio::LookupError>("e")});
    show(group.split<asyncio::ValueError>());
    show(group.split<asyncio::OSError>());
    show(group.split<asyncio::TypeError, asyncio::LookupError>());
    show(group.split<asyncio::KeyboardInterrupt>());
    show(group.split<asyncio::Exception>());
    show(group.split<asyncio::ExceptionGroup>());
    co_return;
}

int main() { asyncio::run(amain()); }
