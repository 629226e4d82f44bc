// Pins STR-20: a client callback may be a plain function; it is called once per connection, before
// the client's data is consumed, and the streams live on after it returned.
#include "py.hpp"

asyncio::Coroutine<> amain() {
    asyncio::Queue<std::pair<asyncio::StreamReader, asyncio::StreamWriter>> connections;

    auto on_client = [&](asyncio::StreamReader reader, asyncio::StreamWriter writer) {
        print("callback");
        writer.write("hello\n");
        connections.put_nowait(std::pair(reader, writer));
    };

    auto server = co_await asyncio::start_server(on_client, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    for (int i = 0; i < 2; ++i) {
        auto connected = co_await asyncio::open_connection("127.0.0.1", port);
        auto& [reader, writer] = connected;
        auto data = co_await reader.readline();
        print(py::bytes(data));
        auto accepted = co_await connections.get();
        auto& [server_reader, server_writer] = accepted;
        writer.write("question\n");
        data = co_await server_reader.readline();
        print(py::bytes(data));
        server_writer.write("answer\n");
        data = co_await reader.readline();
        print(py::bytes(data));
        server_writer.close();
        data = co_await reader.read();
        print("eof", py::bytes(data));
        writer.close();
        co_await writer.wait_closed();
    }
    print(connections.empty());
    server.close();
}

int main() { asyncio::run(amain()); }
