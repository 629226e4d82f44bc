// Pins TRN-07, CON-08: pausing inside connection_made is respected; while paused nothing is
// delivered and nothing is lost; pause and resume are idempotent; on a closing transport they do
// nothing. (Python 3.12)
#include "py.hpp"

struct Reader : asyncio::Protocol {
    void connection_made(std::shared_ptr<asyncio::Transport> t) override {
        transport = t;
        transport->pause_reading();
    }

    void data_received(std::string_view data) override {
        received += data;
        changed.set();
    }

    std::string received;
    asyncio::Event changed;
    std::shared_ptr<asyncio::Transport> transport;
};

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    std::vector<std::shared_ptr<Reader>> accepted;

    auto factory = [&] {
        accepted.push_back(std::make_shared<Reader>());
        return accepted.back();
    };

    auto server = co_await loop.create_server(factory, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    auto connected = co_await loop.create_connection(
        [] { return std::make_shared<asyncio::Protocol>(); }, "127.0.0.1", port);
    auto& [transport, protocol] = connected;
    transport->write("one ");
    co_await asyncio::sleep(0.02);
    auto reader = accepted[0];
    print("paused", py::bytes(reader->received), reader->transport->is_reading());
    reader->transport->pause_reading();
    transport->write("two");
    co_await asyncio::sleep(0.02);
    print("paused", py::bytes(reader->received));
    reader->transport->resume_reading();
    reader->transport->resume_reading();
    print("resumed", py::bytes(reader->received), reader->transport->is_reading());
    co_await reader->changed.wait();
    print("got", py::bytes(reader->received));
    reader->transport->close();
    print("closing", reader->transport->is_reading());
    reader->transport->resume_reading();
    reader->transport->pause_reading();
    print("closing", reader->transport->is_reading());
    transport->close();
    server.close();
    reader->transport.reset();
}

int main() { asyncio::run(amain()); }
