// Pins TRN-05, TRN-06: pause_writing is called inside write(), when the size is strictly above the
// high mark; it alternates with resume_writing; setting limits pauses at once but never resumes.
#include "py.hpp"

struct Writer : asyncio::Protocol {
    void pause_writing() override { print("pause"); }

    void resume_writing() override {
        print("resume");
        resumed.set();
    }

    asyncio::Event resumed;
};

struct Sink : asyncio::Protocol {
    explicit Sink(asyncio::Future<std::shared_ptr<asyncio::Transport>> a) : accepted(a) {}

    void connection_made(std::shared_ptr<asyncio::Transport> transport) override {
        transport->pause_reading();
        accepted.set_result(transport);
    }

    asyncio::Future<std::shared_ptr<asyncio::Transport>> accepted;
};

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto accepted = loop.create_future<std::shared_ptr<asyncio::Transport>>();
    auto server = co_await loop.create_server([&] { return std::make_shared<Sink>(accepted); },
                                              "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    auto connected = co_await loop.create_connection([] { return std::make_shared<Writer>(); },
                                                     "127.0.0.1", port);
    auto& [transport, client] = connected;
    auto sink = co_await accepted;
    transport->set_write_buffer_limits({.high = 1 << 30});
    transport->write(std::string(1 << 24, '\0'));
    const auto size = transport->get_write_buffer_size();
    print("clogged", size > 0);
    transport->set_write_buffer_limits({.high = static_cast<std::int64_t>(size) + 10, .low = 1000});
    transport->write(std::string(10, '\0'));
    print("at the mark");
    transport->write("x");
    print("above the mark", transport->get_write_buffer_size() - size);
    transport->write("y");
    transport->set_write_buffer_limits({.high = 1 << 30});
    print("limits raised");
    transport->set_write_buffer_limits({.high = 4, .low = 4});
    sink->resume_reading();
    co_await client->resumed.wait();
    print("below", transport->get_write_buffer_size() <= 4);
    sink->pause_reading();
    client->resumed.clear();
    transport->set_write_buffer_limits({.high = 1 << 30});
    transport->write(std::string(1 << 24, '\0'));
    print("clogged again");
    transport->set_write_buffer_limits({.high = 0});
    const auto [low, high] = transport->get_write_buffer_limits();
    print(std::tuple(low, high));
    sink->resume_reading();
    co_await client->resumed.wait();
    print("empty", transport->get_write_buffer_size());
    transport->abort();
    sink->abort();
    server.close();
}

int main() { asyncio::run(amain()); }
