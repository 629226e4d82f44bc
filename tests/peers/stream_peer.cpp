// Stream clients and servers that a driver sets against other programs; they write to stdout what
// they see. WHERE is `tcp PORT` (0 for a server: any) or `unix PATH`.
//
//   stream_peer echo WHERE     answers what it reads; after the end of the input, "end N"
//   stream_peer greet WHERE    says "greeting", ends its output, then reads the client's
//   stream_peer ask WHERE      sends "hello", ends its output, then reads the answer
//   stream_peer listen WHERE   reads to the server's end, then sends "late"
//   stream_peer lines WHERE N  sends N long lines and compares what comes back
//   stream_peer get PORT CA NAME PATH COUNT   COUNT requests over one connection, then its end
#include <asyncio/asyncio.hpp>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace ssl = asyncio::ssl;
using asyncio::Coroutine;
using asyncio::StreamReader;
using asyncio::StreamWriter;

namespace {

using Arguments = std::vector<std::string>;

void say(const std::string& line) { std::cout << line << std::endl; }

std::string without_newline(std::string text) {
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

Coroutine<> finish(StreamWriter writer) {
    std::string ended = "None";
    try {
        writer.close();
        co_await writer.wait_closed();
    } catch (const asyncio::OSError& error) {
        ended = asyncio::repr(error);
    }
    say("ended " + ended);
}

// ---- servers ------------------------------------------------------------------------------------
Coroutine<> echo(StreamReader reader, StreamWriter writer) {
    std::size_t count = 0;
    while (true) {
        const std::string data = co_await reader.read(1 << 16);
        if (data.empty()) break;
        count += data.size();
        writer.write(data);
        co_await writer.drain();
    }
    say("eof after " + std::to_string(count));
    writer.write("end " + std::to_string(count) + "\n");
    co_await finish(writer);
}

Coroutine<> greet(StreamReader reader, StreamWriter writer) {
    writer.write("greeting\n");
    writer.write_eof();
    const std::string all = co_await reader.read();
    say("got " + without_newline(all));
    co_await finish(writer);
}

Coroutine<> serve(Arguments args) {
    const auto handler = args.at(0) == "echo" ? echo : greet;
    if (args.at(1) == "unix") {
        const auto server = co_await asyncio::start_unix_server(handler, args.at(2));
        say("port 0");
        co_await server.serve_forever();
    }
    const auto server = co_await asyncio::start_server(handler, "127.0.0.1", std::stoi(args.at(2)));
    say("port " + std::to_string(server.sockets().at(0).getsockname().port()));
    co_await server.serve_forever();
}

// ---- clients ------------------------------------------------------------------------------------
Coroutine<asyncio::StreamPair> connect(Arguments args) {
    if (args.at(1) == "unix") {
        auto pair = co_await asyncio::open_unix_connection(args.at(2));
        co_return pair;
    }
    auto pair = co_await asyncio::open_connection("127.0.0.1", std::stoi(args.at(2)));
    co_return pair;
}

Coroutine<> ask(Arguments args) {
    auto pair = co_await connect(args);
    auto& [reader, writer] = pair;
    writer.write("hello\n");
    writer.write_eof();
    const std::string all = co_await reader.read();
    say("answer " + without_newline(all));
    co_await finish(writer);
}

Coroutine<> listen(Arguments args) {
    auto pair = co_await connect(args);
    auto& [reader, writer] = pair;
    const std::string all = co_await reader.read();
    say("answer " + without_newline(all));
    writer.write("late\n");
    co_await finish(writer);
}

Coroutine<> lines(Arguments args) {
    auto pair = co_await connect(args);
    auto& [reader, writer] = pair;
    const std::string line = std::string(50'000, 'x') + "\n";
    int same = 0;
    for (int left = std::stoi(args.at(3)); left > 0; --left) {
        writer.write(line);
        const std::string back = co_await reader.readline();
        same += back == line;
    }
    say("same " + std::to_string(same));
    co_await finish(writer);
}

// ---- HTTP ---------------------------------------------------------------------------------------
std::uint32_t adler32(const std::string& data) {
    std::uint32_t a = 1, b = 0;
    for (const char c : data) {
        a = (a + static_cast<unsigned char>(c)) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

std::string header(std::string head, const std::string& name) {
    std::ranges::transform(head, head.begin(), [](unsigned char c) { return std::tolower(c); });
    const auto at = head.find("\r\n" + name + ": ");
    if (at == head.npos) return {};
    const auto start = at + name.size() + 4;
    return head.substr(start, head.find('\r', start) - start);
}

Coroutine<> request(StreamReader reader, StreamWriter writer, std::string path) {
    writer.write("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const std::string head = co_await reader.readuntil("\r\n\r\n");
    const std::string length = header(head, "content-length");
    const std::string body = co_await reader.readexactly(std::stoul(length));
    say(head.substr(0, head.find('\r')) + " " + length + " " + std::to_string(adler32(body)) + " " +
        header(head, "connection"));
}

Coroutine<> get(Arguments args) {
    const auto context = ssl::create_default_context({.cafile = args.at(2)});
    std::string ended = "None";
    try {
        auto pair = co_await asyncio::open_connection(
            "127.0.0.1", std::stoi(args.at(1)),
            {.ssl = context, .server_hostname = args.at(3), .suppress_ragged_eofs = false});
        auto& [reader, writer] = pair;
        const auto object = writer.get_extra_info<ssl::SSLObject>("ssl_object");
        say("version " + object.version().value());
        for (int left = std::stoi(args.at(5)); left > 0; --left)
            co_await request(reader, writer, args.at(4));
        const std::string rest = co_await reader.read();
        say("rest " + std::to_string(rest.size()));
        writer.close();
        co_await writer.wait_closed();
    } catch (const asyncio::OSError& error) {
        ended = asyncio::repr(error);
    }
    say("ended " + ended);
}

Coroutine<> run(Arguments args) {
    const std::string& mode = args.at(0);
    if (mode == "echo" || mode == "greet") co_await serve(args);
    if (mode == "ask") co_await ask(args);
    if (mode == "listen") co_await listen(args);
    if (mode == "lines") co_await lines(args);
    if (mode == "get") co_await get(args);
}

} // namespace

int main(int argc, char** argv) { asyncio::run(run(Arguments(argv + 1, argv + argc))); }
