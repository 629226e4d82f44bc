// Layer 2. AsyncExitStack: managers and clean-ups whose number is known at run time only.
//
//   enter_async_context(m)  ──┐
//   push_async_exit(f)        ├──> stack of exits ──> aexit(): last in, first out, each gets the
//   push_async_callback(f)    │                       exception that the one before it left behind
//   push(f), callback(f)    ──┘
//
// Python counterpart: contextlib.AsyncExitStack.
#pragma once
#include <asyncio/async_with.hpp>
#include <asyncio/config.hpp>
#include <asyncio/coroutines.hpp>
#include <asyncio/detail/callables.hpp>
#include <asyncio/detail/ref.hpp>

#include <concepts>
#include <exception>
#include <functional>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

namespace asyncio {

namespace detail {

class ExitStackState;

template <class M>
concept AsyncExit = requires(M& manager, std::exception_ptr error) { manager.aexit(error); };

/// Something to be done when the stack unwinds, once.
class ASYNCIO_EXPORT ExitEntry {
public:
    // No virtual function: GCC 12 instantiates the coroutines that a vtable needs too late, and
    // warns of the linkage that their frames then have.
    using Run = Coroutine<bool> (*)(ExitEntry&, std::exception_ptr);
    explicit ExitEntry(Run exit) noexcept : run_(exit) {}
    ExitEntry(const ExitEntry&) = delete;
    ExitEntry& operator=(const ExitEntry&) = delete;
    virtual ~ExitEntry() = default;
    /// True when it swallows the exception. The entry lives until the coroutine ends.
    Coroutine<bool> run(std::exception_ptr error) { return run_(*this, std::move(error)); }

private:
    Run run_;
};

/// M is a manager, or one of the classes below.
template <class M>
class ManagerExit final : public ExitEntry {
public:
    template <class... Args>
    explicit ManagerExit(std::in_place_t, Args&&... args)
        : ExitEntry(&run_exit), manager_(std::forward<Args>(args)...) {}
    M& manager() noexcept { return manager_; }

private:
    static Coroutine<bool> run_exit(ExitEntry& self, std::exception_ptr error) {
        return leave(static_cast<ManagerExit&>(self).manager_, std::move(error));
    }
    M manager_;
};

template <class F>
class ExitFunction {
public:
    explicit ExitFunction(F function) : function_(std::move(function)) {}
    decltype(auto) aexit(std::exception_ptr error) {
        return std::invoke(function_, std::move(error));
    }

private:
    F function_;
};

template <class F, class... Args>
class ExitCall {
public:
    template <class... Given>
    explicit ExitCall(std::in_place_t, F function, Given&&... args)
        : function_(std::move(function)), args_(std::forward<Given>(args)...) {}
    Coroutine<> aexit(const std::exception_ptr&) {
        if constexpr (CoroutineFunction<F, Args...>)
            co_await call();
        else
            call();
    }

private:
    decltype(auto) call() {
        return std::apply(
            [this](Args&... args) -> decltype(auto) {
                return std::invoke(function_, std::move(args)...);
            },
            args_);
    }
    F function_;
    std::tuple<Args...> args_;
};

} // namespace detail

/// A stack of exits, as a shared handle; a new one when default-constructed. Used with
/// async_with(AsyncExitStack{}, body), or closed by hand with aclose(): one that is merely dropped
/// calls nothing. Methods belong to the loop's thread.
class ASYNCIO_EXPORT AsyncExitStack {
public:
    AsyncExitStack();
    AsyncExitStack(const AsyncExitStack&) noexcept;
    AsyncExitStack& operator=(const AsyncExitStack&) noexcept;
    ~AsyncExitStack();

    /// Enters the manager, which the stack keeps, and gives what its aenter() gives. Once that has
    /// succeeded the manager will be left with the stack.
    template <class M>
        requires detail::AsyncContextManager<std::decay_t<M>>
    Coroutine<detail::enter_t<std::decay_t<M>>> enter_async_context(M&& manager) const {
        using Manager = std::decay_t<M>;
        detail::check_callable<void, M>();
        return enter<Manager>(*this, std::make_unique<detail::ManagerExit<Manager>>(
                                         std::in_place, std::forward<M>(manager)));
    }
    /// Has a manager left that was entered already, or awaits exit(error), whose true result
    /// swallows the exception.
    template <class E>
        requires detail::AsyncExit<std::decay_t<E>> ||
                 std::invocable<std::decay_t<E>&, std::exception_ptr>
    void push_async_exit(E&& exit) const {
        using Exit = std::decay_t<E>;
        if constexpr (detail::AsyncExit<Exit>) {
            add<Exit>(std::forward<E>(exit));
        } else {
            static_assert(CoroutineFunction<E, std::exception_ptr>,
                          "push_async_exit() takes a manager or a coroutine function: for a plain "
                          "function there is push()");
            add<detail::ExitFunction<Exit>>(std::forward<E>(exit));
        }
    }
    /// Calls exit(error), whose true result swallows the exception.
    template <class E>
        requires std::invocable<std::decay_t<E>&, std::exception_ptr>
    void push(E&& exit) const {
        static_assert(!CoroutineFunction<E, std::exception_ptr>,
                      "push() takes a plain function: for coroutines there is push_async_exit()");
        add<detail::ExitFunction<std::decay_t<E>>>(std::forward<E>(exit));
    }
    /// Awaits function(args...), which cannot swallow exceptions.
    template <class F, class... Args>
        requires std::invocable<std::decay_t<F>&, std::decay_t<Args>...>
    void push_async_callback(F&& function, Args&&... args) const {
        static_assert(CoroutineFunction<F, Args...>,
                      "push_async_callback() takes a coroutine function: for a plain function "
                      "there is callback()");
        add<detail::ExitCall<std::decay_t<F>, std::decay_t<Args>...>>(
            std::in_place, std::forward<F>(function), std::forward<Args>(args)...);
    }
    /// Calls function(args...), which cannot swallow exceptions.
    template <class F, class... Args>
        requires std::invocable<std::decay_t<F>&, std::decay_t<Args>...>
    void callback(F&& function, Args&&... args) const {
        static_assert(!CoroutineFunction<F, Args...>,
                      "callback() takes a plain function: for coroutines there is "
                      "push_async_callback()");
        add<detail::ExitCall<std::decay_t<F>, std::decay_t<Args>...>>(
            std::in_place, std::forward<F>(function), std::forward<Args>(args)...);
    }
    /// A new stack with all the exits, which this one forgets.
    AsyncExitStack pop_all() const;
    /// Unwinds at once, without an exception.
    Coroutine<> aclose() const;

    AsyncExitStack aenter() const;
    /// Runs the exits, those included that are pushed meanwhile. What one throws replaces the
    /// exception and has it as its context, when it is a BaseException. Throws the last one that
    /// none has swallowed; true when `error` was swallowed.
    Coroutine<bool> aexit(std::exception_ptr error) const;

    friend bool operator==(const AsyncExitStack&, const AsyncExitStack&) noexcept = default;

private:
    template <class M, class... Args>
    void add(Args&&... args) const {
        add_entry(
            std::make_unique<detail::ManagerExit<M>>(std::in_place, std::forward<Args>(args)...));
    }
    template <class M>
    static Coroutine<detail::enter_t<M>> enter(AsyncExitStack self,
                                               std::unique_ptr<detail::ManagerExit<M>> entry) {
        using T = detail::enter_t<M>;
        if constexpr (std::is_void_v<T>) {
            co_await detail::enter(entry->manager());
            self.add_entry(std::move(entry));
        } else {
            T value = co_await detail::enter(entry->manager());
            self.add_entry(std::move(entry));
            co_return static_cast<T&&>(value);
        }
    }
    void add_entry(std::unique_ptr<detail::ExitEntry> entry) const;

    detail::Ref<detail::ExitStackState> state_;
};

} // namespace asyncio
