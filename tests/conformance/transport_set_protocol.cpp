// Pins TRN-16, PRO-01: after set_protocol, even from inside data_received, the next event goes to
// the new protocol, the old one hears nothing more; connection_made is not repeated.
#include "py.hpp"

std::vector<std::string> log_;

struct Second : asyncio::Protocol {
    explicit Second(asyncio::Future<bool> d) : done(d) {}

    void connection_made(std::shared_ptr<asyncio::Transport>) override {
        log_.push_back("second made");
    }

    void data_received(std::string_view data) override {
        log_.push_back("second data " + std::string(data));
    }

    bool eof_received() override {
        log_.push_back("second eof");
        return false;
    }

    void connection_lost(std::exception_ptr exc) override {
        log_.push_back("second lost " + py::repr(exc));
        done.set_result(true);
    }

    asyncio::Future<bool> done;
};

struct First : asyncio::Protocol {
    explicit First(asyncio::Future<bool> d) : done(d) {}

    void connection_made(std::shared_ptr<asyncio::Transport> t) override {
        log_.push_back("first made");
        transport = t;
    }

    void data_received(std::string_view data) override {
        log_.push_back("first data " + std::string(data));
        auto t = transport;
        transport.reset();
        auto second = std::make_shared<Second>(done);
        t->set_protocol(second);
        log_.push_back("same " + py::repr(t->get_protocol() == second));
        t->write("switched");
    }

    void connection_lost(std::exception_ptr) override { log_.push_back("first lost"); }

    asyncio::Future<bool> done;
    std::shared_ptr<asyncio::Transport> transport;
};

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto done = loop.create_future<bool>();
    auto server =
        co_await loop.create_server([&] { return std::make_shared<First>(done); }, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    auto connected = co_await asyncio::open_connection("127.0.0.1", port);
    auto& [reader, writer] = connected;
    writer.write("hello");
    co_await reader.readexactly(8);
    writer.write("again");
    writer.write_eof();
    co_await done;
    writer.close();
    server.close();
    for (const auto& line : log_) print(line);
}

int main() { asyncio::run(amain()); }
