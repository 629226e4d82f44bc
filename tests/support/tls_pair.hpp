// Two TLS engines wired in memory, for tests without sockets.
#pragma once
#include <asyncio/src/tls_engine.hpp>
#include <asyncio/ssl.hpp>

#include "certificates.hpp"

#include <openssl/types.h>

#include <array>
#include <cstddef>
#include <ios>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

// What Boost.Test prints when a check fails.
namespace asyncio::detail {
inline std::ostream& operator<<(std::ostream& out, TlsState state) { return out << name_of(state); }
inline std::ostream& operator<<(std::ostream& out, TlsEnd end) {
    return out << static_cast<int>(end);
}
} // namespace asyncio::detail
namespace asyncio::ssl {
inline std::ostream& operator<<(std::ostream& out, TLSVersion version) {
    return out << std::hex << static_cast<int>(version);
}
} // namespace asyncio::ssl

namespace asyncio_test {

/// An engine with the application above it, which keeps what it reads.
struct TlsEndpoint {
    using Engine = asyncio::detail::TlsEngine;
    using State = asyncio::detail::TlsState;
    using End = asyncio::detail::TlsEnd;

    TlsEndpoint(const asyncio::ssl::SSLContext& context, asyncio::detail::TlsEngineOptions options)
        : engine(context, options) {}

    void pull() {
        std::array<char, 1000> buffer;
        while (reading) {
            const std::size_t count = engine.read(buffer);
            received.append(buffer.data(), count);
            if (count < buffer.size()) break;
        }
    }
    void receive(std::string_view bytes) {
        const Engine::Input lent(engine, bytes);
        pull();
    }
    void receive_eof() {
        engine.receive_eof();
        pull();
    }
    /// All that is to be sent.
    std::string take() {
        std::string bytes;
        while (!engine.outgoing().empty()) {
            bytes += engine.outgoing();
            engine.consume(engine.outgoing().size());
        }
        return bytes;
    }
    std::string error() const { return asyncio::repr(engine.error()); }
    SSL* native() const { return static_cast<SSL*>(engine.object().native_handle()); }

    Engine engine;
    std::string received;
    bool reading = true;
};

/// A server's context with a certificate.
inline asyncio::ssl::SSLContext
server_context(const Identity& identity = localhost_identity(),
               asyncio::ssl::TLSVersion version = asyncio::ssl::TLSVersion::TLSv1_3) {
    const asyncio::ssl::SSLContext context(asyncio::ssl::PROTOCOL_TLS_SERVER);
    const MemoryFile chain(identity.chain());
    context.load_cert_chain(chain.name());
    context.set_maximum_version(version);
    return context;
}

inline asyncio::ssl::SSLContext server_context(asyncio::ssl::TLSVersion version) {
    return server_context(localhost_identity(), version);
}

/// A client's context that trusts one authority.
inline asyncio::ssl::SSLContext client_context(const Identity& trusted = test_authority()) {
    return asyncio::ssl::create_default_context({.cadata = trusted.certificate});
}

struct TlsPair {
    explicit TlsPair(const asyncio::ssl::SSLContext& client_rules = client_context(),
                     const asyncio::ssl::SSLContext& server_rules = server_context(),
                     std::string_view hostname = "localhost", std::size_t window = 128 * 1024)
        : client(client_rules, {.server_hostname = hostname, .window = window}),
          server(server_rules, {.server_side = true, .window = window}) {}

    void start() {
        client.engine.start();
        server.engine.start();
    }
    /// Carries bytes until neither side has any, `piece` at a time.
    void carry(std::size_t piece = 1 << 20) {
        while (carry(client, server, piece) || carry(server, client, piece)) {
        }
    }
    static bool carry(TlsEndpoint& from, TlsEndpoint& to, std::size_t piece = 1 << 20) {
        const std::string bytes = from.take();
        for (std::size_t at = 0; at < bytes.size(); at += piece)
            to.receive(std::string_view(bytes).substr(at, piece));
        return !bytes.empty();
    }
    /// The handshake, and the tickets after it.
    TlsPair& connect() {
        start();
        carry();
        return *this;
    }
    /// Sends a message each way; true when both arrived.
    bool converse() {
        client.engine.write("question");
        server.engine.write("answer");
        carry();
        return std::exchange(server.received, {}) == "question" &&
               std::exchange(client.received, {}) == "answer";
    }
    bool wrapped() const {
        return client.engine.state() == TlsEndpoint::State::wrapped &&
               server.engine.state() == TlsEndpoint::State::wrapped;
    }

    TlsEndpoint client;
    TlsEndpoint server;
};

/// Text in which no two places look alike.
inline std::string pattern(std::size_t size) {
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 7 + i / 251);
    return text;
}

} // namespace asyncio_test
