// Layer 1. The policy in force and the loop of each thread.
#include <asyncio/event_loop.hpp>
#include <asyncio/policies.hpp>

#include <mutex>
#include <string>
#include <thread>

#include <sys/syscall.h>
#include <unistd.h>

namespace asyncio {
namespace {

LoopPtr& thread_loop() {
    static thread_local LoopPtr loop;
    return loop;
}

struct Policies {
    std::mutex mutex;
    PolicyPtr current;
};
Policies& policies() {
    static Policies instance;
    return instance;
}

PolicyPtr current_policy() {
    const std::lock_guard lock(policies().mutex);
    if (!policies().current) policies().current = std::make_shared<DefaultEventLoopPolicy>();
    return policies().current;
}

std::string thread_name() {
    if (::getpid() == ::syscall(SYS_gettid)) return "MainThread";
    return "Thread-" + std::to_string(::syscall(SYS_gettid));
}

} // namespace

AbstractEventLoopPolicy::~AbstractEventLoopPolicy() = default;

LoopPtr DefaultEventLoopPolicy::get_event_loop() {
    if (!thread_loop())
        throw RuntimeError("There is no current event loop in thread '" + thread_name() + "'.");
    return thread_loop();
}
void DefaultEventLoopPolicy::set_event_loop(LoopPtr loop) { thread_loop() = std::move(loop); }
LoopPtr DefaultEventLoopPolicy::new_event_loop() { return std::make_shared<EventLoop>(); }

PolicyPtr get_event_loop_policy() { return current_policy(); }
void set_event_loop_policy(PolicyPtr policy) {
    const std::lock_guard lock(policies().mutex);
    policies().current = std::move(policy);
}

AbstractEventLoop& get_event_loop() {
    if (auto* running = detail::thread_state().running) return *running;
    return *current_policy()->get_event_loop();
}
void set_event_loop(LoopPtr loop) { current_policy()->set_event_loop(std::move(loop)); }
LoopPtr new_event_loop() { return current_policy()->new_event_loop(); }

} // namespace asyncio
