// FUT-05: remove_done_callback removes a registered callback and says how many; it has no effect on
// callbacks that completion has already scheduled.
#include "py.hpp"

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto fut = loop.create_future();

    auto one = [] { print("one"); };

    auto two = [] { print("two"); };

    auto three = [] { print("three"); };

    fut.add_done_callback(one);
    auto id_two = fut.add_done_callback(two);
    auto id_three = fut.add_done_callback(three);
    print("removed", fut.remove_done_callback(id_two));
    print("removed", fut.remove_done_callback(id_two));
    fut.set_result();
    print("removed", fut.remove_done_callback(id_three));
    co_await asyncio::sleep(0);
    auto late = loop.create_future();
    auto id_one = late.add_done_callback(one);
    print("removed", late.remove_done_callback(id_one));
    late.set_result();
    co_await asyncio::sleep(0);
    id_two = late.add_done_callback(two);
    print("removed", late.remove_done_callback(id_two));
    co_await asyncio::sleep(0);
    print("end");
}

int main() { asyncio::run(amain()); }
