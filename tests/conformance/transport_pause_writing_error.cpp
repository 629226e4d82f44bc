// Pins TRN-05: exceptions of pause_writing and resume_writing go to the exception handler and do
// not break the transport: all bytes arrive, and the two still alternate.
#include "py.hpp"

const std::size_t SIZE = 1 << 24;

struct Bad : asyncio::Protocol {
    void pause_writing() override { throw asyncio::ValueError("pause"); }

    void resume_writing() override { throw asyncio::ValueError("resume"); }
};

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    using Pair = std::pair<asyncio::StreamReader, asyncio::StreamWriter>;
    auto go = loop.create_future<Pair>();

    auto report = [](asyncio::AbstractEventLoop&, const asyncio::ExceptionContext& context) {
        print(context.message, asyncio::repr(context.exception), context.protocol != nullptr);
    };

    auto count = [&](asyncio::StreamReader reader,
                     asyncio::StreamWriter writer) -> asyncio::Coroutine<> {
        go.set_result(Pair(reader, writer));
        co_return;
    };

    loop.set_exception_handler(report);
    auto server = co_await asyncio::start_server(count, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    auto connected =
        co_await loop.create_connection([] { return std::make_shared<Bad>(); }, "127.0.0.1", port);
    auto& [transport, protocol] = connected;
    transport->write(std::string(SIZE, '\0'));
    print("written");
    transport->write("more");
    auto streams = co_await go;
    auto& [reader, writer] = streams;
    const auto data = co_await reader.readexactly(SIZE);
    const auto more = co_await reader.readexactly(4);
    print(data.size(), py::bytes(more));
    print("left", transport->get_write_buffer_size(), transport->is_closing());
    transport->close();
    writer.close();
    server.close();
}

int main() { asyncio::run(amain()); }
