// Pins EXE-02, TSK-32: jobs that finish in reverse order still give results in argument order, and
// the loop goes on turning while they block their threads.
#include "thread.hpp"

thread::Event turn[4];
std::vector<int> log_;

int job(int i) {
    turn[i].wait();
    log_.push_back(i);
    if (i > 0) turn[i - 1].set();
    return i * 10;
}

asyncio::Coroutine<> amain() {
    std::vector<asyncio::Coroutine<int>> jobs;
    for (int i = 0; i < 3; ++i) jobs.push_back(asyncio::to_thread(job, i));
    auto future = asyncio::gather(std::move(jobs));
    int beats = 0;
    for (int i = 0; i < 5; ++i) {
        co_await asyncio::sleep(0);
        beats += 1;
    }
    print("loop is alive", beats, future.done());
    turn[2].set();
    const auto results = co_await future;
    print(results, log_);
}

int main() { asyncio::run(amain()); }
