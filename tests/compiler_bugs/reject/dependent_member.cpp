// expect: insufficient contextual information to determine type
// The member of an awaited result in a template: GCC before 13 needs a name for the result.
#include <asyncio/config.hpp>

#include "../mini.hpp"

template <class T>
Coroutine<std::size_t> size_of(Coroutine<T> coroutine) {
#ifdef SAFE
    auto result = co_await std::move(coroutine);
    co_return result.size();
#else
    co_return (co_await std::move(coroutine)).size();
#endif
}

template Coroutine<std::size_t> size_of(Coroutine<std::string>);
