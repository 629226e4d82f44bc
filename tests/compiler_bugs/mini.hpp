// What every pin in this folder uses: lazy coroutines driven by a trampoline, a probe and CHECK.
//
// A pin is a small program that does something the library relies on. It uses nothing of the
// library, so that a failure accuses the compiler. run.py builds each with every compiler at hand,
// plain and with sanitizers, and runs it on a stack of one megabyte.
#pragma once
#include <coroutine>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <exception>
#include <optional>
#include <source_location>
#include <string>
#include <utility>

namespace mini {

inline void check(bool ok, std::source_location at = std::source_location::current()) {
    if (ok) return;
    std::printf("%s:%u: failed\n", at.file_name(), static_cast<unsigned>(at.line()));
    std::exit(1);
}

// An object that knows when it is copied bit by bit, destroyed twice or leaked.
struct Probe {
    inline static int alive = 0;

    Probe(int v = 0) : value(v), text(40, 'p') { ++alive; }
    Probe(const Probe& other) : value(other.use()), text(other.text) { ++alive; }
    Probe(Probe&& other) noexcept : value(other.use()), text(std::move(other.text)) { ++alive; }
    Probe& operator=(const Probe& other) {
        value = other.use();
        text = other.text;
        return *this;
    }
    ~Probe() {
        use();
        self_ = nullptr;
        --alive;
    }
    int use() const noexcept {
        check(self_ == this);
        return value;
    }

    int value;
    std::string text; // on the heap: a second destruction is an invalid free

private:
    const Probe* self_ = this;
};

// The trampoline: awaiting a coroutine only says who is next, the loop in run() resumes it.
struct Driver {
    std::coroutine_handle<> current;
    std::deque<std::coroutine_handle<>> ready;

    void run() {
        for (;;) {
            while (current) std::exchange(current, nullptr).resume();
            if (ready.empty()) return;
            current = ready.front();
            ready.pop_front();
        }
    }
};
inline Driver driver;

struct PromiseBase {
    struct Final {
        bool await_ready() noexcept { return false; }
        template <class P>
        void await_suspend(std::coroutine_handle<P> h) noexcept {
            driver.current = h.promise().continuation;
        }
        void await_resume() noexcept {}
    };
    std::suspend_always initial_suspend() noexcept { return {}; }
    Final final_suspend() noexcept { return {}; }
    void unhandled_exception() { error = std::current_exception(); }

    std::coroutine_handle<> continuation;
    std::exception_ptr error;
};
template <class T>
struct Promise : PromiseBase {
    template <class U>
    void return_value(U&& value) {
        result.emplace(std::forward<U>(value));
    }
    T take() {
        if (error) std::rethrow_exception(error);
        return *std::move(result);
    }
    std::optional<T> result;
};
template <>
struct Promise<void> : PromiseBase {
    void return_void() {}
    void take() const {
        if (error) std::rethrow_exception(error);
    }
};

template <class T = void>
class [[nodiscard]] Coroutine {
public:
    struct promise_type : Promise<T> {
        Coroutine get_return_object() {
            return Coroutine(std::coroutine_handle<promise_type>::from_promise(*this));
        }
    };
    Coroutine(Coroutine&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    ~Coroutine() {
        if (handle_) handle_.destroy();
    }
    auto operator co_await() && noexcept { return Awaiter(handle_); }

    T run() && {
        driver.current = handle_;
        driver.run();
        check(handle_.done());
        return handle_.promise().take();
    }

private:
    class Awaiter {
    public:
        explicit Awaiter(std::coroutine_handle<promise_type> h) : handle_(h) {}
        bool await_ready() noexcept { return false; }
        void await_suspend(std::coroutine_handle<> waiter) noexcept {
            handle_.promise().continuation = waiter;
            driver.current = handle_;
        }
        T await_resume() { return handle_.promise().take(); }

    private:
        std::coroutine_handle<promise_type> handle_;
    };
    explicit Coroutine(std::coroutine_handle<promise_type> h) : handle_(h) {}
    std::coroutine_handle<promise_type> handle_;
};

// Like `await asyncio.sleep(0)`.
struct Yield {
    Yield() = default;
    bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> h) { driver.ready.push_back(h); }
    void await_resume() noexcept {}
};

// The end of every main(): runs the coroutine and looks for probes that were not destroyed.
inline int finish(Coroutine<> main) {
    {
        Coroutine<> owned = std::move(main);
        std::move(owned).run();
    }
    check(Probe::alive == 0);
    return 0;
}

} // namespace mini

using mini::check;
using mini::Coroutine;
using mini::Probe;
using mini::Yield;
