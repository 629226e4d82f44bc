// expect: array used as initializer
// A braced list in an await expression: GCC before 13 refuses it, so the public functions of the
// library take variadic arguments, and a named vector works everywhere.
#include <asyncio/config.hpp>

#include "../mini.hpp"

#include <vector>

static Coroutine<std::size_t> count(std::vector<std::string> values) {
    co_await Yield();
    co_return values.size();
}

Coroutine<std::size_t> amain() {
#ifdef SAFE
    std::vector<std::string> values{"a", "b"};
    co_return co_await count(values);
#else
    co_return co_await count({"a", "b"});
#endif
}
