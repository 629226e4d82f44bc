// Pins TRN-07, G-02: a protocol that pauses itself in data_received gets nothing more until it is
// resumed, even with megabytes waiting in the kernel.
#include "py.hpp"

const std::size_t SIZE = 1 << 21;

struct Sipper : asyncio::Protocol {
    void connection_made(std::shared_ptr<asyncio::Transport> t) override { transport = t; }

    void data_received(std::string_view data) override {
        total += data.size();
        calls += 1;
        transport->pause_reading();
        got.set();
    }

    void connection_lost(std::exception_ptr) override { transport.reset(); }

    std::size_t total = 0;
    std::size_t calls = 0;
    asyncio::Event got;
    std::shared_ptr<asyncio::Transport> transport;
};

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto accepted = loop.create_future<std::shared_ptr<Sipper>>();

    auto factory = [&] {
        accepted.set_result(std::make_shared<Sipper>());
        return accepted.result();
    };

    auto server = co_await loop.create_server(factory, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    auto connected = co_await loop.create_connection(
        [] { return std::make_shared<asyncio::Protocol>(); }, "127.0.0.1", port);
    auto& [transport, protocol] = connected;
    transport->write(std::string(SIZE, '\0'));
    auto sipper = co_await accepted;
    std::size_t rounds = 0;
    while (sipper->total < SIZE) {
        co_await sipper->got.wait();
        sipper->got.clear();
        rounds += 1;
        for (int i = 0; i < 5; ++i) co_await asyncio::sleep(0);
        if (sipper->calls != rounds || sipper->transport->is_reading()) print("data while paused");
        sipper->transport->resume_reading();
    }
    print(sipper->total == SIZE, sipper->calls == rounds, rounds >= SIZE / (256 * 1024));
    transport->close();
    sipper->transport->close();
    server.close();
}

int main() { asyncio::run(amain()); }
