// Pins TRN-06: default marks, low = high/4, high = 4*low, high 0 forces low 0, and the error text;
// a refused call changes nothing.
#include "py.hpp"

std::string limits(const std::shared_ptr<asyncio::Transport>& transport) {
    const auto [low, high] = transport->get_write_buffer_limits();
    return py::repr(std::tuple(low, high));
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto factory = [] { return std::make_shared<asyncio::Protocol>(); };
    auto server = co_await loop.create_server(factory, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    auto connected = co_await loop.create_connection(factory, "127.0.0.1", port);
    auto& [transport, protocol] = connected;
    print("default", limits(transport));
    transport->set_write_buffer_limits({.high = 1000});
    print("high only", limits(transport));
    transport->set_write_buffer_limits({.low = 100});
    print("low only", limits(transport));
    transport->set_write_buffer_limits({.high = 7, .low = 7});
    print("equal", limits(transport));
    transport->set_write_buffer_limits({.high = 0});
    print("zero", limits(transport));
    try {
        transport->set_write_buffer_limits({.high = 10, .low = 11});
    } catch (const asyncio::ValueError& e) {
        print(asyncio::str(e));
    }
    try {
        transport->set_write_buffer_limits({.low = -1});
    } catch (const asyncio::ValueError& e) {
        print(asyncio::str(e));
    }
    try {
        transport->set_write_buffer_limits({.high = 0, .low = 1});
    } catch (const asyncio::ValueError& e) {
        print(asyncio::str(e));
    }
    print("unchanged", limits(transport));
    transport->set_write_buffer_limits();
    print("default", limits(transport), transport->get_write_buffer_size());
    transport->close();
    server.close();
}

int main() { asyncio::run(amain()); }
