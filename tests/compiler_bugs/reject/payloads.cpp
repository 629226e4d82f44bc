// expect: (?s)(?=.*aggregates twice)(?=.*::create_task\()(?=.*::to_thread\()(?=.*Queue<Job>)
// An aggregate that owns something as an argument in an await: GCC before 13 destroys the
// temporary twice. A type with a constructor of its own is safe.
#include <asyncio/asyncio.hpp>

#include <string>
#include <utility>

struct Job {
#ifdef SAFE
    explicit Job(std::string n) : name(std::move(n)) {}
#endif
    std::string name;
};

static asyncio::Coroutine<> work(Job) { co_return; }

asyncio::Coroutine<> amain() {
    const asyncio::Queue<Job> queue;
    co_await asyncio::create_task(work, Job{"a text that is too long for a small buffer"});
    co_await asyncio::to_thread([](const Job&) {}, Job{"a text that is too long for a small one"});
    co_await queue.put(Job{"a text that is too long for a small buffer"});
}
