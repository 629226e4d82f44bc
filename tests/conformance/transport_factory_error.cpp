// Pins PRO-06: a protocol factory that throws fails create_connection with that error; on the
// server it only drops the one connection, the next client is served.
#include "py.hpp"

struct Hello : asyncio::Protocol {
    void connection_made(std::shared_ptr<asyncio::Transport> transport) override {
        transport->write("hello");
        transport->close();
    }
};

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    std::vector<std::size_t> calls;

    auto factory = [&] {
        calls.push_back(calls.size());
        if (calls.size() == 1) throw asyncio::ValueError("first server protocol");
        return std::make_shared<Hello>();
    };

    auto bad_factory = []() -> std::shared_ptr<Hello> {
        throw asyncio::LookupError("client protocol");
    };

    auto server = co_await loop.create_server(factory, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    auto ask = [&]() -> asyncio::Coroutine<std::string> {
        auto connected = co_await asyncio::open_connection("127.0.0.1", port);
        auto& [reader, writer] = connected;
        auto data = co_await reader.read();
        writer.close();
        co_return data;
    };
    auto data = co_await ask();
    print("first", py::bytes(data));
    data = co_await ask();
    print("second", py::bytes(data), calls);
    try {
        co_await loop.create_connection(bad_factory, "127.0.0.1", port);
    } catch (const asyncio::LookupError& e) {
        print(asyncio::repr(e));
    }
    data = co_await ask();
    print("last", py::bytes(data), calls);
    server.close();
}

int main() { asyncio::run(amain()); }
