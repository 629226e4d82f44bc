// Pins CON-04, CON-05: the order in which addresses are tried, with and without happy eyeballs.
// Port 1 refuses, so that the error tells the order; the resolver is a table.
#include "py.hpp"

std::vector<asyncio::SocketAddress> TABLE = {
    {"127.0.0.1", 1}, {"127.0.0.2", 1}, {"127.0.0.3", 1}, {"::1", 1}};

class Loop : public asyncio::EventLoop {
    asyncio::Coroutine<std::vector<asyncio::AddressInfo>>
    resolve(asyncio::AddressQuery query) override {
        print("resolve", *query.host, *query.service);
        std::vector<asyncio::AddressInfo> found;
        for (const auto& address : TABLE)
            found.push_back({address.family(), query.type, 0, "", address});
        co_return found;
    }
};

asyncio::Coroutine<> attempt(asyncio::OpenConnectionOptions keywords) {
    try {
        co_await asyncio::open_connection("somewhere", 7, keywords);
    } catch (const asyncio::OSError& e) {
        print(e.str());
    }
}

asyncio::Coroutine<> amain() {
    co_await attempt({});
    co_await attempt({.interleave = 1});
    co_await attempt({.interleave = 2});
    co_await attempt({.interleave = 9});
    co_await attempt({.happy_eyeballs_delay = 30});
    co_await attempt({.happy_eyeballs_delay = 30, .interleave = 0});
    TABLE.resize(1);
    co_await attempt({.happy_eyeballs_delay = 30});
}

int main() {
    asyncio::Runner runner(
        {.loop_factory = []() -> asyncio::LoopPtr { return std::make_shared<Loop>(); }});
    runner.run(amain());
}
