// A server that echoes lines, over TLS or upgraded to it, and its clients.
#pragma once
#include <asyncio/asyncio.hpp>

#include "network.hpp"
#include "tls_pair.hpp"

#include <string>
#include <utility>

namespace asyncio_test {

namespace ssl = asyncio::ssl;
using asyncio::Coroutine;
using asyncio::StreamReader;
using asyncio::StreamWriter;

// Answers each line; "STARTTLS" upgrades.
inline Coroutine<> converse(StreamReader reader, StreamWriter writer, ssl::SSLContext context) {
    while (true) {
        std::string line = co_await reader.readline();
        if (line.empty()) break;
        writer.write("got " + line);
        if (line == "STARTTLS\n") co_await writer.start_tls(context);
    }
    writer.close();
    co_await writer.wait_closed();
}

inline Coroutine<asyncio::Server> conversing_server(asyncio::StartServerOptions options = {}) {
    const auto serve = [](StreamReader reader, StreamWriter writer) {
        return converse(std::move(reader), std::move(writer), server_context());
    };
    return asyncio::start_server(serve, "127.0.0.1", 0, options);
}

inline Coroutine<std::string> ask(asyncio::StreamPair pair, std::string line) {
    auto& [reader, writer] = pair;
    writer.write(line + "\n");
    std::string answer = co_await reader.readline();
    co_return answer;
}

inline Coroutine<> finish(asyncio::StreamPair pair, asyncio::Server server) {
    pair.second.close();
    co_await pair.second.wait_closed();
    server.close();
    co_await server.wait_closed();
}

} // namespace asyncio_test
