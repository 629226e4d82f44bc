// Layer 1. What one thread knows: its running loop and the context that is entered.
//
// Always reached through thread_state(), which is out of line: a coroutine that moves between
// threads must not keep the address over a suspension. Python counterpart: PyThreadState.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/context_data.hpp>

namespace asyncio {
class AbstractEventLoop;
}

namespace asyncio::detail {

class LoopCore;

struct ThreadState {
    AbstractEventLoop* running = nullptr; // get_running_loop()
    LoopCore* core = nullptr;             // the running loop's core
    ContextSlot* context = nullptr;       // the entered context; the thread's own when null
};

ASYNCIO_EXPORT ThreadState& thread_state() noexcept;

// Sets a value for a scope, on every path out of it.
template <class T>
class Restore {
public:
    Restore(T& place, T value) : place_(place), before_(place) { place_ = value; }
    Restore(const Restore&) = delete;
    Restore& operator=(const Restore&) = delete;
    ~Restore() { place_ = before_; }

private:
    T& place_;
    T before_;
};

} // namespace asyncio::detail
