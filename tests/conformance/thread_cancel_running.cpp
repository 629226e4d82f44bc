// Pins EXE-04: cancelling the await of a running job raises CancelledError at once; the job runs to
// its end and its result, or error, is dropped without a report.
#include "thread.hpp"

thread::Event release;
thread::Event finished;
thread::Log log_;

std::string job(bool fail) {
    log_.append("job started");
    release.wait();
    log_.append("job ended");
    finished.set();
    if (fail) throw asyncio::ValueError("nobody hears this");
    return "dropped";
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    loop.set_exception_handler(
        [](asyncio::AbstractEventLoop&, const asyncio::ExceptionContext& context) {
            print("reported", context.message);
        });
    for (bool fail : {false, true}) {
        auto task = asyncio::create_task(asyncio::to_thread(job, fail));
        while (log_.size() % 2 == 0) co_await asyncio::sleep(0.001);
        task.cancel();
        try {
            co_await task;
        } catch (const asyncio::CancelledError&) {
            print("cancelled while", log_.last());
        }
        release.set();
        finished.wait();
        co_await asyncio::sleep(0.01);
        print(task.cancelled(), log_.list());
        release.clear();
        finished.clear();
    }
}

int main() { asyncio::run(amain()); }
