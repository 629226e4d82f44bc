// SCH-12: TimerHandle.when() is the absolute deadline given to call_at, handles order by deadline;
// equality needs the same deadline and the same callback.
#include "py.hpp"

int main() {
    auto loop = asyncio::new_event_loop();
    const double base = loop->time() + 1000;
    auto a = loop->call_at(base + 1, [] { print("a"); });
    auto b = loop->call_at(base + 2, [] { print("b"); });
    auto c = loop->call_later(2000, [] { print("c"); });
    print(a.when() == base + 1, b.when() - a.when() == 1);
    print(c.when() > b.when(), c.when() >= base + 1000);
    print(a < b, b<a, b> a, a == asyncio::TimerHandle(a), a == b);
    print(a.cancelled(), b.cancelled());
    a.cancel();
    print(a.cancelled(), a.when() == base + 1);
    loop->call_soon([&] { loop->stop(); });
    loop->run_forever();
    print("nothing fired");
    loop->close();
}
