// G-05, section 0.1: awaiting a done future costs no iteration, a pending one resumes one iteration
// after the callback that completes it, and the wake-up queues behind what was there.
#include "py.hpp"

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto done = loop.create_future<std::string>();
    done.set_result("done");
    loop.call_soon([] { print("not before the await returns"); });
    print(co_await done);
    print(co_await done);
    co_await asyncio::sleep(0);

    auto fut = loop.create_future<std::string>();

    auto complete = [&] {
        print("complete");
        fut.set_result("pending");
        loop.call_soon([] { print("behind the wake-up"); });
        print("complete returns");
    };

    loop.call_soon(complete);
    loop.call_soon([] { print("same batch as complete"); });
    print(co_await fut);
    co_await asyncio::sleep(0);
    print("end");
}

int main() { asyncio::run(amain()); }
