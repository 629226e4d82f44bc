// Pins TRN-09, TRN-10: an exception in data_received is fatal: reported with transport and
// protocol, connection_lost gets that very exception, and the socket is closed under the peer.
#include "py.hpp"

struct Fragile : asyncio::Protocol {
    explicit Fragile(asyncio::Future<std::string> l) : lost(l) {}

    void data_received(std::string_view data) override {
        throw asyncio::ValueError("cannot handle " + std::string(data));
    }

    void connection_lost(std::exception_ptr exc) override { lost.set_result(py::repr(exc)); }

    asyncio::Future<std::string> lost;
};

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto lost = loop.create_future<std::string>();

    auto report = [&](asyncio::AbstractEventLoop&, const asyncio::ExceptionContext& context) {
        print(context.message, asyncio::repr(context.exception));
        print(context.transport != nullptr, context.protocol != nullptr, lost.done());
    };

    loop.set_exception_handler(report);
    auto server = co_await loop.create_server([&] { return std::make_shared<Fragile>(lost); },
                                              "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    auto connected = co_await asyncio::open_connection("127.0.0.1", port);
    auto& [reader, writer] = connected;
    writer.write("this");
    const auto text = co_await lost;
    print("lost", text);
    try {
        const auto data = co_await reader.read();
        print("client", py::bytes(data));
    } catch (const asyncio::ConnectionResetError& e) {
        print(asyncio::type_name(e));
    }
    writer.close();
    server.close();
}

int main() { asyncio::run(amain()); }
