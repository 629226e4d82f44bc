// Pins PRO-01, PRO-02, CON-08: connection_made, data, eof_received once, connection_lost(None)
// once, on both sides; create_connection returns after connection_made.
#include "py.hpp"

#include <algorithm>

struct Recorder : asyncio::Protocol {
    explicit Recorder(std::string n) : name(std::move(n)) {
        lost = asyncio::get_running_loop().create_future<bool>();
    }

    void connection_made(std::shared_ptr<asyncio::Transport> t) override {
        transport = t;
        events.push_back("made");
    }

    void data_received(std::string_view data) override {
        events.push_back("data " + std::string(data));
        if (name == "server") transport->write("got " + std::string(data));
    }

    bool eof_received() override {
        events.push_back("eof");
        return false;
    }

    void connection_lost(std::exception_ptr exc) override {
        events.push_back("lost " + py::repr(exc));
        transport.reset();
        lost.set_result(true);
    }

    std::vector<std::string> events;
    std::string name;
    asyncio::Future<bool> lost;
    std::shared_ptr<asyncio::Transport> transport;
};

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    std::vector<std::shared_ptr<Recorder>> accepted;

    auto factory = [&] {
        accepted.push_back(std::make_shared<Recorder>("server"));
        return accepted.back();
    };

    auto server = co_await loop.create_server(factory, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    auto connected = co_await loop.create_connection(
        [] { return std::make_shared<Recorder>("client"); }, "127.0.0.1", port);
    auto& [transport, client] = connected;
    print("connected", client->events, client->transport == transport);
    transport->write("hello");
    transport->write_eof();
    co_await client->lost;
    co_await accepted[0]->lost;
    print("server", accepted[0]->events);
    print("client", client->events);
    server.close();
    co_await asyncio::sleep(0);
    print(accepted.size(), std::count(client->events.begin(), client->events.end(), "lost None"));
}

int main() { asyncio::run(amain()); }
