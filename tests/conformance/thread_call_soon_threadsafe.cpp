// Pins SCH-06, SCH-01: calls from a thread arrive in its order and wake a loop that sleeps; the
// callbacks run on the loop's thread, never inside the call.
#include "thread.hpp"

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto done = loop.create_future<std::string>();
    const auto loop_thread = std::this_thread::get_id();
    std::vector<int> seen;

    auto arrive = [&](int i) {
        seen.push_back(i);
        if (std::this_thread::get_id() != loop_thread) print("wrong thread");
        if (i == 999) done.set_result("all");
    };

    auto worker = [&] {
        for (int i = 0; i < 1000; ++i) loop.call_soon_threadsafe(arrive, i);
    };

    std::thread thread(worker);
    const auto result = co_await asyncio::wait_for(done, 10);
    print(result);
    thread.join();
    std::vector<int> expected(1000);
    std::iota(expected.begin(), expected.end(), 0);
    print(seen == expected);

    loop.call_soon([] { print("one"); });
    loop.call_soon_threadsafe([] { print("two"); });
    loop.call_soon([] { print("three"); });
    loop.call_soon_threadsafe([] { print("four"); }).cancel();
    print("not yet");
    co_await asyncio::sleep(0);
    print("after one turn");
}

int main() { asyncio::run(amain()); }
