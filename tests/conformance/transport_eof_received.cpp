// Pins TRN-11, STR-18: a true result of eof_received keeps the write side open, a false one closes;
// the event comes once.
#include "py.hpp"

struct Peer : asyncio::Protocol, std::enable_shared_from_this<Peer> {
    explicit Peer(bool k) : keep(k) { lost = asyncio::get_running_loop().create_future<bool>(); }

    void connection_made(std::shared_ptr<asyncio::Transport> t) override { transport = t; }

    void data_received(std::string_view data) override {
        events.push_back("data " + std::string(data));
    }

    bool eof_received() override {
        events.push_back("eof");
        if (keep) asyncio::get_running_loop().call_soon(&Peer::answer, shared_from_this());
        return keep;
    }

    void answer() {
        events.push_back("closing " + py::repr(transport->is_closing()));
        transport->write("after eof");
        transport->close();
    }

    void connection_lost(std::exception_ptr exc) override {
        events.push_back("lost " + py::repr(exc));
        transport.reset();
        lost.set_result(true);
    }

    bool keep;
    std::vector<std::string> events;
    asyncio::Future<bool> lost;
    std::shared_ptr<asyncio::Transport> transport;
};

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    for (bool keep : {true, false}) {
        std::vector<std::shared_ptr<Peer>> accepted;

        auto factory = [&] {
            accepted.push_back(std::make_shared<Peer>(keep));
            return accepted.back();
        };

        auto server = co_await loop.create_server(factory, "127.0.0.1", 0);
        const auto port = server.sockets().at(0).getsockname().port();
        auto connected = co_await loop.create_connection(
            [] { return std::make_shared<Peer>(false); }, "127.0.0.1", port);
        auto& [transport, client] = connected;
        transport->write_eof();
        co_await client->lost;
        co_await accepted[0]->lost;
        print("keep", keep, "server", accepted[0]->events, "client", client->events);
        server.close();
    }
}

int main() { asyncio::run(amain()); }
