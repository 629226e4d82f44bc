// TSK-37: shield of a finished future returns that very future; several shields of one inner are
// independent: cancelling one leaves the others and the inner alone.
#include "py.hpp"

using Fut = asyncio::Future<std::string>;

asyncio::Coroutine<> waiter(std::string name, Fut aw) {
    try {
        print(name, co_await aw);
    } catch (const asyncio::CancelledError&) {
        print(name, "cancelled");
        throw;
    }
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto done = loop.create_future<std::string>();
    done.set_result("done");
    print(asyncio::shield(done) == done);
    loop.call_soon([] { print("an iteration passed"); });
    print(co_await asyncio::shield(done));
    co_await asyncio::sleep(0);
    auto inner = loop.create_future<std::string>();
    auto one = asyncio::shield(inner), two = asyncio::shield(inner);
    print(one == two, one == inner);
    auto a = asyncio::create_task(waiter("a", one));
    auto b = asyncio::create_task(waiter("b", two));
    co_await asyncio::sleep(0);
    a.cancel();
    co_await asyncio::sleep(0);
    print(one.cancelled(), two.cancelled(), inner.cancelled());
    inner.set_result("shared");
    std::vector<asyncio::Task<void>> both;
    both.push_back(a);
    both.push_back(b);
    co_await asyncio::wait(both);
    print(a.cancelled(), b.cancelled());
}

int main() { asyncio::run(amain()); }
