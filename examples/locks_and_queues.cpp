// Three workers share a queue of jobs, a lock and a starting signal.
//
// Prints:
//     worker 1 did job 1
//     worker 2 did job 2
//     ...
//     6 jobs done, 21 units of work
#include <asyncio/asyncio.hpp>

#include <iostream>

struct Shop {
    asyncio::Queue<int> jobs{4}; // put() waits while there are four
    asyncio::Event open;
    asyncio::Lock book;
    int units = 0;
};

asyncio::Coroutine<> write_down(Shop& shop, int worker, int job) {
    const auto guard = co_await shop.book.scoped(); // one at a time
    const int before = shop.units;
    co_await asyncio::sleep(0);
    shop.units = before + job;
    std::cout << "worker " << worker << " did job " << job << '\n';
}

asyncio::Coroutine<> work(Shop& shop, int worker) {
    co_await shop.open.wait();
    try {
        for (;;) {
            const int job = co_await shop.jobs.get();
            co_await write_down(shop, worker, job);
            shop.jobs.task_done();
        }
    } catch (const asyncio::QueueShutDown&) {
        // No more jobs.
    }
}

asyncio::Coroutine<> amain() {
    Shop shop;
    constexpr int jobs = 6;
    co_await asyncio::async_with(asyncio::TaskGroup{},
                                 [&](asyncio::TaskGroup workers) -> asyncio::Coroutine<> {
                                     for (int worker = 1; worker <= 3; ++worker)
                                         workers.create_task(work(shop, worker));
                                     shop.open.set();
                                     for (int job = 1; job <= jobs; ++job)
                                         co_await shop.jobs.put(job);
                                     co_await shop.jobs.join();
                                     shop.jobs.shutdown();
                                 });
    std::cout << jobs << " jobs done, " << shop.units << " units of work\n";
}

int main() { asyncio::run(amain()); }
