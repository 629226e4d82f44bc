// expect everywhere: (?s)(?=.*is push\()(?=.*is push_async_e)(?=.*is callb)(?=.*is push_async_c)
// A plain function where AsyncExitStack awaits one, and the other way round.
#include <asyncio/asyncio.hpp>

#include <exception>

static bool leave(const std::exception_ptr&) { return false; }
static asyncio::Coroutine<bool> async_leave(std::exception_ptr) { co_return false; }
static void clean_up(int) {}
static asyncio::Coroutine<> async_clean_up(int) { co_return; }

void fill(const asyncio::AsyncExitStack& stack) {
#ifdef SAFE
    stack.push(leave);
    stack.push_async_exit(async_leave);
    stack.callback(clean_up, 1);
    stack.push_async_callback(async_clean_up, 1);
#else
    stack.push_async_exit(leave);
    stack.push(async_leave);
    stack.push_async_callback(clean_up, 1);
    stack.callback(async_clean_up, 1);
#endif
}
