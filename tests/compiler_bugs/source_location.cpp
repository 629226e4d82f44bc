// Where the stacks of tasks come from: std::source_location as a default argument names the line
// of each co_await, of the call that creates a coroutine, and the function of the coroutine itself.
#include "mini.hpp"

#include <string_view>

class Traced {
public:
    struct promise_type {
        explicit promise_type(std::source_location at = std::source_location::current())
            : created(at) {}
        template <class Awaitable>
        Awaitable&& await_transform(Awaitable&& awaitable,
                                    std::source_location at = std::source_location::current()) {
            awaiting = at;
            return std::forward<Awaitable>(awaitable);
        }
        Traced get_return_object() { return Traced(*this); }
        std::suspend_always initial_suspend() noexcept { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() { std::terminate(); }

        std::source_location created;
        std::source_location awaiting;
    };
    explicit Traced(promise_type& p)
        : handle(std::coroutine_handle<promise_type>::from_promise(p)) {}
    Traced(const Traced&) = delete;
    ~Traced() { handle.destroy(); }
    std::coroutine_handle<promise_type> handle;
};

static unsigned create(int, std::source_location at = std::source_location::current()) {
    return at.line();
}

constexpr unsigned body = __LINE__ + 1;
static Traced body_of_a_task() {
    co_await Yield();
    int twice = (co_await Yield(), 2);
    for (int i = 0; i < twice; ++i) co_await Yield();
}

int main() {
    constexpr unsigned here = __LINE__ + 1;
    auto call = create(1);
    check(call == here);

    Traced task = body_of_a_task();
    auto& promise = task.handle.promise();
    check(std::string_view(promise.created.file_name()).ends_with("source_location.cpp"));
    check(promise.created.line() >= body && promise.created.line() <= body + 5);
    for (unsigned line : {body + 1, body + 2, body + 3, body + 3}) {
        task.handle.resume();
        check(promise.awaiting.line() == line);
    }
    mini::driver.ready.clear();
}
