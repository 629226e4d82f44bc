// Pins CON-04, ERR-03: connecting where nobody listens raises ConnectionRefusedError, an OSError,
// through plain await, gather and wait_for alike, and leaves the loop usable.
#include "py.hpp"

asyncio::Coroutine<> nobody(asyncio::StreamReader, asyncio::StreamWriter writer) {
    writer.close();
    co_return;
}

asyncio::Coroutine<> attempt(int port) {
    try {
        co_await asyncio::open_connection("127.0.0.1", port);
        print("not reached");
    } catch (const asyncio::ConnectionRefusedError&) {
        print("refused", asyncio::is_instance<asyncio::OSError>(std::current_exception()),
              asyncio::is_instance<asyncio::ConnectionError>(std::current_exception()));
    }
}

asyncio::Coroutine<> amain() {
    auto server = co_await asyncio::start_server(nobody, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    server.close();
    co_await server.wait_closed();
    co_await attempt(port);
    auto results = co_await asyncio::gather(asyncio::return_exceptions,
                                            asyncio::open_connection("127.0.0.1", port),
                                            asyncio::sleep(0, std::string("fine")));
    auto& [connected, text] = results;
    print(asyncio::type_name(connected.exception()), text.value());
    try {
        co_await asyncio::wait_for(asyncio::open_connection("127.0.0.1", port), 5);
    } catch (const asyncio::OSError& e) {
        print(asyncio::type_name(e));
    }
}

int main() { asyncio::run(amain()); }
