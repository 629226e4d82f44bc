// A coroutine that continues on another thread. Each thread's state is reached through a function
// that is never inlined: the address of a thread_local must not be kept over a suspension.
#include "mini.hpp"

#include <thread>

static thread_local int state = 0;
__attribute__((noinline)) static int& thread_state() { return state; }

class Hop { // resumes on a thread of its own, possibly before await_suspend has returned
public:
    explicit Hop(std::thread& thread) : thread_(thread) {}
    bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> h) {
        std::thread& thread = thread_; // the awaiter may be gone once the thread runs
        thread = std::thread([h] {
            thread_state() = 2;
            h.resume();
        });
    }
    void await_resume() noexcept {}

private:
    std::thread& thread_;
};
struct Detached {
    struct promise_type {
        Detached get_return_object() { return {}; }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() { std::terminate(); }
    };
};

static Detached body(std::thread& thread, Probe probe, int& before, int& after) {
    before = thread_state();
    auto home = std::this_thread::get_id();
    co_await Hop(thread);
    after = thread_state();
    check(std::this_thread::get_id() != home);
    check(probe.use() == 1);
}

int main() {
    thread_state() = 1;
    for (int i = 0; i < 100; ++i) {
        std::thread thread;
        int before = 0;
        int after = 0;
        body(thread, Probe(1), before, after);
        thread.join();
        check(before == 1 && after == 2);
        check(Probe::alive == 0);
    }
}
