// Pins STR-14, STR-17, PRO-01: a line echo over loopback; every print is forced by a message, so a
// port that loses, merges or reorders lines, or misses EOF, differs.
#include "py.hpp"

#include <algorithm>
#include <cctype>

std::string upper(std::string text) {
    for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
}

asyncio::Coroutine<> echo(asyncio::StreamReader reader, asyncio::StreamWriter writer) {
    for (;;) {
        const auto line = co_await reader.readline();
        print("server got", py::bytes(line));
        if (line.empty()) break;
        writer.write(upper(line));
        co_await writer.drain();
    }
    writer.close();
    co_await writer.wait_closed();
}

asyncio::Coroutine<> amain() {
    auto server = co_await asyncio::start_server(echo, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    auto connected = co_await asyncio::open_connection("127.0.0.1", port);
    auto& [reader, writer] = connected;
    for (std::string line : {"one\n", "two\nthree\n", "last without newline"}) {
        writer.write(line);
        co_await writer.drain();
        for (auto i = std::count(line.begin(), line.end(), '\n'); i > 0; --i) {
            const auto answer = co_await reader.readline();
            print("client got", py::bytes(answer));
        }
    }
    writer.write_eof();
    const auto rest = co_await reader.read();
    print("client got", py::bytes(rest));
    print("client at eof", reader.at_eof());
    writer.close();
    co_await writer.wait_closed();
    server.close();
    co_await server.wait_closed();
    print("done");
}

int main() { asyncio::run(amain()); }
