// Pins STR-18, TRN-11, TRN-12: after write_eof the peer reads EOF but may go on writing, and its
// answer arrives; write after write_eof raises, a second write_eof is ignored.
#include "py.hpp"

asyncio::Coroutine<> summer(asyncio::StreamReader reader, asyncio::StreamWriter writer) {
    const auto data = co_await reader.read();
    print("server saw EOF", reader.at_eof(), writer.is_closing());
    std::istringstream parts(data);
    int total = 0;
    for (int part; parts >> part;) total += part;
    writer.write("total " + std::to_string(total) + "\n");
    co_await writer.drain();
    co_await asyncio::sleep(0);
    writer.write("bye\n");
    writer.close();
    co_await writer.wait_closed();
}

asyncio::Coroutine<> amain() {
    auto server = co_await asyncio::start_server(summer, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    auto connected = co_await asyncio::open_connection("127.0.0.1", port);
    auto& [reader, writer] = connected;
    print("can_write_eof", writer.can_write_eof());
    writer.write("1 2 ");
    writer.write("39");
    writer.write_eof();
    writer.write_eof();
    try {
        writer.write("4");
    } catch (const asyncio::RuntimeError& e) {
        print(asyncio::repr(e));
    }
    auto data = co_await reader.readline();
    print(py::bytes(data));
    data = co_await reader.read();
    print(py::bytes(data));
    print("closing", writer.is_closing());
    writer.close();
    print("closing", writer.is_closing());
    co_await writer.wait_closed();
    server.close();
}

int main() { asyncio::run(amain()); }
