// A TLS server and a TLS client that a driver sets against other implementations; it writes to
// stdout what it sees.
//
//   tls_peer serve CHAIN [CLIENT_CA]               echoes lines
//   tls_peer http CHAIN                            answers requests
//   tls_peer connect PORT CA NAME [CHAIN] [strict] sends a line, reads one
//   tls_peer upgrade PORT CA NAME                  the same after STARTTLS
#include <asyncio/asyncio.hpp>

#include <iostream>
#include <optional>
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

void tell_about(const StreamWriter& writer) {
    const auto object = writer.get_extra_info<ssl::SSLObject>("ssl_object");
    say("version " + object.version().value());
    const auto peer = writer.get_extra_info<ssl::Certificate>("peercert");
    if (peer.empty()) return;
    say("peer " + peer.subject.back().back().second);
}

Coroutine<> serve(StreamReader reader, StreamWriter writer) {
    std::string ended = "None";
    try {
        tell_about(writer);
        while (true) {
            std::string line = co_await reader.readline();
            if (line.empty()) break;
            writer.write(line);
            co_await writer.drain();
        }
        writer.close();
        co_await writer.wait_closed();
    } catch (const asyncio::OSError& error) {
        ended = asyncio::repr(error);
        writer.close();
    }
    say("ended " + ended);
}

Coroutine<> respond(StreamReader reader, StreamWriter writer) {
    const std::string request = co_await reader.readuntil("\r\n\r\n");
    say("request " + request.substr(0, request.find('\r')));
    writer.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello\n");
    writer.close();
    co_await writer.wait_closed();
}

Coroutine<> run_server(Arguments args) {
    // A driver wants to know about handshakes that fail.
    auto& loop = asyncio::get_running_loop();
    loop.set_debug(true);
    asyncio::logger().set_level(asyncio::Level::Warning);
    loop.set_exception_handler(
        [](auto&, const auto& context) { say("failed " + asyncio::repr(context.exception)); });
    const ssl::SSLContext context(ssl::PROTOCOL_TLS_SERVER);
    context.load_cert_chain(args.at(1));
    if (args.size() > 2) {
        context.load_verify_locations({.cafile = args.at(2)});
        context.set_verify_mode(ssl::CERT_REQUIRED);
    }
    const bool http = args.at(0) == "http";
    auto server = co_await asyncio::start_server(
        [http](StreamReader reader, StreamWriter writer) {
            return http ? respond(std::move(reader), std::move(writer))
                        : serve(std::move(reader), std::move(writer));
        },
        "127.0.0.1", 0, {.ssl = context});
    say("port " + std::to_string(server.sockets().at(0).getsockname().port()));
    co_await server.serve_forever();
}

Coroutine<asyncio::StreamPair> connect(Arguments args, ssl::SSLContext context, bool strict) {
    const int port = std::stoi(args.at(1));
    if (args.at(0) == "connect") {
        auto pair = co_await asyncio::open_connection("127.0.0.1", port,
                                                      {.ssl = context,
                                                       .server_hostname = args.at(3),
                                                       .ssl_shutdown_timeout = 5,
                                                       .suppress_ragged_eofs = !strict});
        co_return pair;
    }
    auto pair = co_await asyncio::open_connection("127.0.0.1", port);
    pair.second.write("STARTTLS\n");
    const std::string answer = co_await pair.first.readline();
    say("answer " + answer.substr(0, answer.size() - 1));
    co_await pair.second.start_tls(context, {.server_hostname = args.at(3)});
    co_return pair;
}

Coroutine<> run_client(Arguments args) {
    const bool strict = args.back() == "strict";
    if (strict) args.pop_back();
    const auto context = ssl::create_default_context({.cafile = args.at(2)});
    if (args.size() > 4) context.load_cert_chain(args.at(4));
    std::string ended = "None";
    try {
        auto pair = co_await connect(args, context, strict);
        auto& [reader, writer] = pair;
        tell_about(writer);
        writer.write("hello\n");
        const std::string answer = co_await reader.readline();
        say("answer " + answer.substr(0, answer.find('\n')));
        const std::string rest = co_await reader.read(strict ? -1 : 0);
        writer.close();
        co_await writer.wait_closed();
    } catch (const asyncio::OSError& error) {
        ended = asyncio::repr(error);
    }
    say("ended " + ended);
}

} // namespace

int main(int argc, char** argv) {
    const Arguments args(argv + 1, argv + argc);
    if (args.at(0) == "serve" || args.at(0) == "http")
        asyncio::run(run_server(args));
    else
        asyncio::run(run_client(args));
}
