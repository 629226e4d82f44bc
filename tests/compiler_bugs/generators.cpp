// Asynchronous generators: a value with a name is moved out of co_yield, and an error can be thrown
// at the co_yield where the generator is suspended, which is how aclose() ends it.
#include "mini.hpp"

struct GeneratorExit {};

template <class T>
class Generator {
public:
    struct promise_type : mini::PromiseBase {
        struct Yielded {
            explicit Yielded(promise_type& p) : promise(p) {}
            bool await_ready() noexcept { return false; }
            void await_suspend(std::coroutine_handle<>) noexcept {
                mini::driver.current = promise.continuation;
            }
            void await_resume() {
                if (promise.closing) throw GeneratorExit();
            }
            promise_type& promise;
        };
        Generator get_return_object() {
            return Generator(std::coroutine_handle<promise_type>::from_promise(*this));
        }
        Yielded yield_value(T v) {
            value.emplace(std::move(v));
            return Yielded(*this);
        }
        void return_void() {}
        std::optional<T> value;
        bool closing = false;
    };
    explicit Generator(std::coroutine_handle<promise_type> h) : handle_(h) {}
    Generator(const Generator&) = delete;
    ~Generator() { handle_.destroy(); }

    auto next() { return Next(handle_); }
    auto aclose() {
        handle_.promise().closing = true;
        return Next(handle_);
    }

private:
    class Next {
    public:
        explicit Next(std::coroutine_handle<promise_type> h) : handle_(h) {}
        bool await_ready() noexcept { return handle_.done(); }
        void await_suspend(std::coroutine_handle<> waiter) noexcept {
            handle_.promise().value.reset();
            handle_.promise().continuation = waiter;
            mini::driver.current = handle_;
        }
        std::optional<T> await_resume() {
            auto& promise = handle_.promise();
            if (promise.error) std::rethrow_exception(std::exchange(promise.error, nullptr));
            return std::exchange(promise.value, std::nullopt);
        }

    private:
        std::coroutine_handle<promise_type> handle_;
    };
    std::coroutine_handle<promise_type> handle_;
};

static Generator<Probe> numbers(int count, int& closed) {
    try {
        for (int i = 1; i <= count; ++i) {
            co_await Yield();
            Probe item(i);
            co_yield std::move(item);
        }
    } catch (const GeneratorExit&) {
        ++closed;
        throw;
    }
}

static Coroutine<> amain() {
    int closed = 0;
    int sum = 0;
    auto all = numbers(5, closed);
    for (;;) {
        auto item = co_await all.next();
        if (!item) break;
        sum += item->use();
    }
    check(sum == 15 && closed == 0);

    auto some = numbers(5, closed);
    auto first = co_await some.next();
    check(first->use() == 1);
    bool exited = false;
    try {
        co_await some.aclose();
    } catch (const GeneratorExit&) {
        exited = true;
    }
    check(exited && closed == 1);
    auto suspended = std::make_optional<int>(0);
    {
        auto dropped = numbers(2, *suspended);
        co_await dropped.next();
    }
    check(*suspended == 0); // destroying a frame throws nothing at co_yield
}

int main() { return mini::finish(amain()); }
