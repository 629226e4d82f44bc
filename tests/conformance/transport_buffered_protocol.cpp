// Pins PRO-03, PRO-04: get_buffer and buffer_updated come in pairs with a hint of -1; a buffer
// smaller than the data is used several times; an empty one is a fatal error.
#include "py.hpp"

#include <set>

struct Buffered : asyncio::BufferedProtocol {
    Buffered(std::size_t size, asyncio::Future<std::string> l) : buffer(size), lost(l) {}

    std::span<std::byte> get_buffer(std::ptrdiff_t sizehint) override {
        hints.insert(sizehint);
        pairs += 1;
        return buffer;
    }

    void buffer_updated(std::size_t nbytes) override {
        pairs -= 1;
        largest = std::max(largest, nbytes);
        received.append(reinterpret_cast<const char*>(buffer.data()), nbytes);
    }

    bool eof_received() override {
        pairs += 1;
        return false;
    }

    void connection_lost(std::exception_ptr exc) override { lost.set_result(py::repr(exc)); }

    std::vector<std::byte> buffer;
    std::string received;
    std::set<std::ptrdiff_t> hints;
    int pairs = 0;
    std::size_t largest = 0;
    asyncio::Future<std::string> lost;
};

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    loop.set_exception_handler(
        [](asyncio::AbstractEventLoop&, const asyncio::ExceptionContext& context) {
            print(context.message);
        });
    for (std::size_t size : {4, 0}) {
        auto lost = loop.create_future<std::string>();
        auto protocol = std::make_shared<Buffered>(size, lost);
        auto server = co_await loop.create_server([&] { return protocol; }, "127.0.0.1", 0);
        const auto port = server.sockets().at(0).getsockname().port();
        auto connected = co_await asyncio::open_connection("127.0.0.1", port);
        auto& [reader, writer] = connected;
        writer.write("0123456789");
        writer.close();
        const auto text = co_await lost;
        print("lost", text);
        const std::vector<std::ptrdiff_t> hints(protocol->hints.begin(), protocol->hints.end());
        print(py::bytes(protocol->received), hints, protocol->largest);
        server.close();
    }
}

int main() { asyncio::run(amain()); }
