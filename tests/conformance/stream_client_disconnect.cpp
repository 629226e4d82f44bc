// Pins STR-07, STR-08, PRO-02: a client that leaves in the middle of a record: the server's pending
// readexactly and readuntil fail with the partial bytes, nobody else is disturbed.
#include "py.hpp"

asyncio::Coroutine<> amain() {
    asyncio::Queue<std::string> results;

    auto serve = [&](asyncio::StreamReader reader,
                     asyncio::StreamWriter writer) -> asyncio::Coroutine<> {
        const auto kind = co_await reader.readline();
        std::string result;
        try {
            if (kind == "exactly\n")
                co_await reader.readexactly(10);
            else
                co_await reader.readuntil("END");
        } catch (const asyncio::IncompleteReadError& e) {
            result = "(" + py::bytes(kind) + ", " + py::bytes(e.partial) + ", " +
                     py::repr(e.expected) + ", " + py::repr(reader.at_eof()) + ")";
        }
        co_await results.put(result);
        writer.close();
    };

    auto server = co_await asyncio::start_server(serve, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    for (std::string kind : {"exactly\n", "until\n"}) {
        auto connected = co_await asyncio::open_connection("127.0.0.1", port);
        auto& [reader, writer] = connected;
        writer.write(kind + "part");
        co_await writer.drain();
        writer.close();
        co_await writer.wait_closed();
        const auto result = co_await results.get();
        print(result);
    }
    auto connected = co_await asyncio::open_connection("127.0.0.1", port);
    auto& [reader, writer] = connected;
    writer.write("exactly\n12345");
    print("empty", results.empty());
    writer.close();
    const auto result = co_await results.get();
    print(result);
    server.close();
}

int main() { asyncio::run(amain()); }
