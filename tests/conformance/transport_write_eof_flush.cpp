// Pins TRN-12: write_eof half-closes only after the buffer has drained; the peer sees all bytes and
// then EOF; reading goes on, close ends it.
#include "py.hpp"

const std::size_t SIZE = 1 << 24;

struct Client : asyncio::Protocol {
    Client() {
        answer = asyncio::get_running_loop().create_future<std::string>();
        lost = asyncio::get_running_loop().create_future<std::string>();
    }

    void data_received(std::string_view data) override { answer.set_result(std::string(data)); }

    void connection_lost(std::exception_ptr exc) override { lost.set_result(py::repr(exc)); }

    asyncio::Future<std::string> answer;
    asyncio::Future<std::string> lost;
};

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    std::vector<asyncio::StreamWriter> kept;

    auto on_client = [&](asyncio::StreamReader reader,
                         asyncio::StreamWriter writer) -> asyncio::Coroutine<> {
        kept.push_back(writer);
        const auto data = co_await reader.read();
        writer.write(std::to_string(data.size()) + " bytes");
    };

    auto server = co_await asyncio::start_server(on_client, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    auto connected = co_await loop.create_connection([] { return std::make_shared<Client>(); },
                                                     "127.0.0.1", port);
    auto& [transport, client] = connected;
    transport->write(std::string(SIZE, '\0'));
    transport->write_eof();
    print("buffered", transport->get_write_buffer_size() > 0, transport->can_write_eof());
    const auto answer = co_await client->answer;
    print("answer", answer == std::to_string(SIZE) + " bytes", transport->get_write_buffer_size());
    print("open", !client->lost.done(), transport->is_closing());
    transport->close();
    const auto lost = co_await client->lost;
    print("lost", lost);
    kept[0].close();
    server.close();
}

int main() { asyncio::run(amain()); }
