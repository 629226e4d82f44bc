// Layer 2. The promise of every coroutine of the library, and how coroutines follow one another.
//
//   TaskCore::step()              the trampoline: resumes resume_ until there is none
//     └─ coroutine A              awaits B: B becomes resume_
//          └─ coroutine B         awaits a future: becomes leaf_, resume_ is empty, step() returns
//
// Awaiting a coroutine and returning from one go through the trampoline, so no chain grows the
// native stack, whatever the compiler does with tail calls. Python counterpart: generator frames.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/memory.hpp>
#include <asyncio/detail/result.hpp>

#include <coroutine>
#include <exception>
#include <source_location>
#include <utility>

namespace asyncio {
template <class T>
class Coroutine;
}

namespace asyncio::detail {

class TaskCore;
class PromiseBase;

/// Where the trampoline keeps its place. A TaskCore is one.
struct Trampoline {
    PromiseBase* resume_ = nullptr; // to be resumed now
    PromiseBase* leaf_ = nullptr;   // the innermost coroutine, suspended
    bool returned_ = false;         // the outermost coroutine has ended
};

/// Not a template: debugger scripts and stack traces walk it. The parent comes first.
class PromiseBase : public Pooled {
public:
    PromiseBase* parent_ = nullptr;
    TaskCore* task_ = nullptr; // null until started
    Receiver* receiver_ = nullptr;
    std::source_location site_;  // of the co_await it is suspended in
    std::source_location where_; // of the coroutine function

    std::coroutine_handle<> handle() noexcept {
        return std::coroutine_handle<PromiseBase>::from_promise(*this);
    }
    std::suspend_always initial_suspend() noexcept { return {}; }

    struct FinalAwaiter {
        bool await_ready() const noexcept { return false; }
        template <class P>
        void await_suspend(std::coroutine_handle<P> handle) const noexcept {
            finished(handle.promise());
        }
        void await_resume() const noexcept {}
    };
    FinalAwaiter final_suspend() noexcept { return {}; }

    void unhandled_exception() noexcept { receiver_->error = std::current_exception(); }

    template <class Awaitable>
    decltype(auto) await_transform(Awaitable&& awaitable,
                                   std::source_location site = std::source_location::current());

protected:
    explicit PromiseBase(std::source_location where) noexcept : where_(where) {}
    ~PromiseBase() = default;

private:
    // Makes the parent next, or ends the task.
    static void finished(PromiseBase& promise) noexcept;
};

template <class T>
class Promise final : public PromiseBase {
public:
    explicit Promise(std::source_location where = std::source_location::current()) noexcept
        : PromiseBase(where) {}
    Coroutine<T> get_return_object() noexcept;
    template <class U = T>
        requires std::is_constructible_v<T, U&&>
    void return_value(U&& value) {
        static_cast<ReceiverOf<T>*>(receiver_)->value.emplace(std::forward<U>(value));
    }
};

template <class T>
class Promise<T&> final : public PromiseBase {
public:
    explicit Promise(std::source_location where = std::source_location::current()) noexcept
        : PromiseBase(where) {}
    Coroutine<T&> get_return_object() noexcept;
    void return_value(T& value) noexcept {
        static_cast<ReceiverOf<T&>*>(receiver_)->value.emplace(value);
    }
};

template <>
class Promise<void> final : public PromiseBase {
public:
    explicit Promise(std::source_location where = std::source_location::current()) noexcept
        : PromiseBase(where) {}
    inline Coroutine<void> get_return_object() noexcept;
    void return_void() noexcept { static_cast<ReceiverOf<void>*>(receiver_)->value.emplace(); }
};

/// Destroys a suspended or unstarted chain of coroutines from its leaf up to `root`, iteratively:
/// a chain may be deeper than the native stack.
ASYNCIO_EXPORT void destroy_chain(PromiseBase* leaf, PromiseBase& root) noexcept;
/// Reports "coroutine 'NAME' was never awaited" and destroys the frame.
ASYNCIO_EXPORT void destroy_unstarted(PromiseBase& promise) noexcept;
[[noreturn]] ASYNCIO_EXPORT void throw_reused_coroutine();

} // namespace asyncio::detail
