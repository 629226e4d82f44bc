// One test for everything that can be awaited: cancelled before it starts, at each moment while it
// waits, in each iteration around its completion, twice, and destroyed with its loop.
//
// A Scene is one awaitable with what it needs. For each way the driver makes a fresh one and calls
//
//   set_up ─> wait (a task, cancelled) ─> complete ─> check ─> tear_down ─> nothing is left over
//
// with complete() before or after the cancel. The address sanitizer adds: nothing is written after
// the frame is gone.
#pragma once
#include <asyncio/asyncio.hpp>

#include "run.hpp"
#include "tools.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

#include <fcntl.h>

namespace asyncio_test {

class Scene {
public:
    Scene() = default;
    Scene(const Scene&) = delete;
    Scene& operator=(const Scene&) = delete;
    virtual ~Scene() = default;

    virtual asyncio::Coroutine<> set_up() { co_return; }
    /// Awaits what the scene is about, and nothing else.
    virtual asyncio::Coroutine<> wait() = 0;
    /// Makes it end. Also called when nobody waits any more, or yet.
    virtual asyncio::Coroutine<> complete() { co_return; }
    /// Says whether nothing was lost: after a wait that ended, or one that was cancelled.
    virtual asyncio::Coroutine<> check(bool ended) {
        std::ignore = ended;
        co_return;
    }
    /// Closes what is open.
    virtual asyncio::Coroutine<> tear_down() { co_return; }
    /// The loop is about to be closed while it waits: drops what must not outlive the loop.
    virtual void let_go() {}
    /// How a wait that was completed ends.
    virtual std::string outcome() const { return "no error"; }
    /// False: complete() cannot help it, it would wait for ever.
    virtual bool completes() const { return true; }
};

/// How one is cancelled.
struct CancelPlan {
    bool completed = false; ///< complete() comes first
    int delay = 0;          ///< iterations until the cancel
    int times = 1;          ///< 2: twice at once; 3: again in the next iteration; 0: not at all
};

inline int open_descriptors() {
    int count = 0;
    for (int fd = 0; fd < 256; ++fd) count += ::fcntl(fd, F_GETFD) != -1;
    return count;
}

// Closing is an affair of some iterations, and of the system; lookups have descriptors of their own.
inline asyncio::Coroutine<bool> until_descriptors(int count) {
    for (int i = 0; i < 1000; ++i) {
        if (open_descriptors() == count) co_return true;
        co_await asyncio::sleep(i < 50 ? 0.0 : 0.001);
    }
    co_return false;
}

// Whether the cancel came in time.
inline asyncio::Coroutine<bool> cancel_by(CancelPlan plan, asyncio::Task<> task, Scene& scene) {
    bool accepted = false;
    if (plan.times > 0) accepted = task.cancel();
    if (plan.times == 2) task.cancel();
    if (plan.times == 3) {
        co_await ticks(1);
        task.cancel();
    }
    const std::string error = co_await repr_of(task);
    BOOST_TEST(error == (accepted ? "CancelledError()" : scene.outcome()));
    if (!plan.completed && scene.completes()) co_await scene.complete();
    co_await scene.check(!accepted);
    co_return accepted;
}

inline asyncio::Coroutine<bool> cancel_once(Scene& scene, CancelPlan plan) {
    co_await scene.set_up();
    const auto task = asyncio::create_task(scene.wait());
    if (plan.completed) {
        co_await ticks(6);
        co_await scene.complete();
    }
    co_await ticks(plan.delay);
    const bool cancelled = co_await cancel_by(plan, task, scene);
    co_await scene.tear_down();
    co_return cancelled;
}

template <class S>
asyncio::Coroutine<bool> cancel_a_fresh_one(CancelPlan plan) {
    const Reports reports;
    const int before = open_descriptors();
    auto scene = std::make_unique<S>();
    const bool cancelled = co_await cancel_once(*scene, plan);
    scene.reset();
    co_await ticks(5);
    const bool closed = co_await until_descriptors(before);
    BOOST_TEST(closed, "descriptors left over: " << open_descriptors() - before);
    BOOST_TEST(asyncio::all_tasks().size() == 1u);
    BOOST_TEST(asyncio::get_running_loop().core().timers_.size() == 0u);
    for (const std::string& message : reports.messages()) BOOST_TEST(message == "");
    co_return cancelled;
}

template <class S>
asyncio::Coroutine<> every_way() {
    // The first one warms up what stays open.
    const bool completes = S().completes();
    const CancelPlan plain{.completed = completes, .times = completes ? 0 : 1};
    auto scene = std::make_unique<S>();
    int cancelled = co_await cancel_once(*scene, plain);
    BOOST_TEST(cancelled == (completes ? 0 : 1));
    scene.reset();
    co_await ticks(20);
    for (int completed = 0; completed <= completes; ++completed)
        for (int delay = 0; delay < 8; ++delay)
            for (int times = 1; times <= 3; ++times) {
                const CancelPlan plan{.completed = completed == 1, .delay = delay, .times = times};
                BOOST_TEST_INFO_SCOPE("completed " << completed << ", delay " << delay << ", times "
                                                   << times);
                cancelled += co_await cancel_a_fresh_one<S>(plan);
            }
    BOOST_TEST(cancelled > 3); // more than before the start
}

// The loop is closed while it waits; `completed` also brings what it waits for.
template <class S>
void destroy_pending(bool completed) {
    const int before = open_descriptors();
    {
        const auto loop = asyncio::new_event_loop();
        loop->set_exception_handler([](auto&, const auto&) {}); // destroyed but pending
        auto scene = std::make_unique<S>();
        if (completed && !scene->completes()) return;
        loop->run_until_complete([](Scene* it, bool complete) -> asyncio::Coroutine<> {
            co_await it->set_up();
            const auto task = asyncio::create_task(it->wait());
            co_await ticks(6);
            if (complete) co_await it->complete();
        }(scene.get(), completed));
        scene->let_go();
        loop->close();
    }
    BOOST_TEST(open_descriptors() == before);
}

template <class S>
void cancel_in_every_way() {
    run([]() -> asyncio::Coroutine<> { co_await every_way<S>(); });
    if (loop_kind() != LoopKind::own) return;
    destroy_pending<S>(false);
    destroy_pending<S>(true);
}

} // namespace asyncio_test
