// The life of a frame: its operators new and delete are the promise's and see the right size,
// parameters and locals die once, also when the coroutine never ran or is suspended.
#include "mini.hpp"

#include <cstddef>
#include <cstdint>
#include <new>

class Frame {
public:
    struct promise_type {
        static void* operator new(std::size_t size) {
            requested += size;
            return ::operator new(size);
        }
        static void operator delete(void* p, std::size_t size) {
            released += size;
            ::operator delete(p);
        }
        Frame get_return_object() {
            return Frame(std::coroutine_handle<promise_type>::from_promise(*this));
        }
        std::suspend_always initial_suspend() noexcept { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() { std::terminate(); }
    };
    inline static std::size_t requested = 0;
    inline static std::size_t released = 0;

    explicit Frame(std::coroutine_handle<promise_type> h) : handle(h) {}
    Frame(Frame&& other) noexcept : handle(std::exchange(other.handle, nullptr)) {}
    ~Frame() {
        if (handle) handle.destroy();
    }
    std::coroutine_handle<promise_type> handle;
};

static Frame body(Probe parameter, std::string text, std::size_t* seen) {
    Probe local(parameter.use());
    std::byte large[512] = {};
    *seen = sizeof(large) + text.size();
    co_await std::suspend_always();
    Probe late(local.use());
    co_await std::suspend_always();
    *seen += static_cast<std::size_t>(late.use()) + static_cast<std::size_t>(large[0]);
}
struct Object {
    Probe probe{4};
    Frame method(int factor) {
        co_await std::suspend_always();
        result = probe.use() * factor;
    }
    int result = 0;
};

int main() {
    for (int steps = 0; steps <= 3; ++steps) {
        std::size_t seen = 0;
        {
            Frame frame = body(Probe(2), std::string(50, 'x'), &seen);
            for (int i = 0; i < steps; ++i) frame.handle.resume();
            check(frame.handle.done() == (steps == 3));
        }
        check(Probe::alive == 0);
        check(seen == (steps == 0 ? 0U : steps == 3 ? 564U : 562U));
    }
    {
        Object object;
        Frame frame = object.method(3);
        frame.handle.resume();
        frame.handle.resume();
        check(object.result == 12);
    }
    // A compiler may put a frame where its caller lives; what it allocates it gives back.
    check(Frame::requested == Frame::released);
}
