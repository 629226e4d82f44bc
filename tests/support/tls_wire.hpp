// A TLS transport over a scripted socket, and an engine that plays its peer: no network, no time.
#pragma once
#include <asyncio/asyncio.hpp>
#include <asyncio/detail/stream_transport.hpp>
#include <asyncio/src/tls_transport.hpp>

#include "memory_socket.hpp"
#include "recorder.hpp"
#include "tls_pair.hpp"
#include "tools.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace asyncio_test {

/// Writes down what it is called with, and does what the test says.
struct TlsRecorder : Recording<asyncio::Protocol> {
    using Recording::Recording;
    void data_received(std::string_view data) override {
        received += data;
        note("data " + std::string(data.substr(0, 20)));
    }
    bool eof_received() override {
        note("eof");
        return keep_open;
    }
    void note(std::string entry) override {
        const std::string kind = entry.substr(0, entry.find(' '));
        Recording::note(std::move(entry));
        if (on) on(kind);
    }

    std::function<void(const std::string&)> on; // gets "made", "data", ...
    std::string received;
    bool keep_open = false;
};

struct TlsWireOptions {
    bool server_side = false; // the transport's role
    std::shared_ptr<asyncio::BaseProtocol> protocol = nullptr;
    asyncio::ssl::SSLContext client = client_context();
    asyncio::ssl::SSLContext server = server_context();
    std::string_view server_hostname = "localhost";
    std::optional<asyncio::Seconds> handshake_timeout = {};
    std::optional<asyncio::Seconds> shutdown_timeout = {};
    bool suppress_ragged_eofs = true;
};

struct TlsWire {
    explicit TlsWire(const TlsWireOptions& o = TlsWireOptions())
        : socket(asyncio::detail::make_ref<MemorySocket>(core())),
          transport(std::make_shared<asyncio::detail::TlsTransport>(
              core(), request(o), asyncio::detail::TlsRole{o.server_side, false})),
          peer(o.server_side ? o.client : o.server, peer_options(o)) {
        transport->open(o.protocol ? o.protocol : protocol);
        asyncio::detail::make_stream_transport(core(), socket, transport);
        peer.engine.start();
    }
    static asyncio::detail::LoopCore& core() { return asyncio::get_running_loop().core(); }

    /// Carries bytes between the socket and the peer until neither has any.
    asyncio::Coroutine<> carry() {
        for (int idle = 0; idle < 6; ++idle) {
            co_await asyncio::sleep(0);
            if (carry_once()) idle = 0;
        }
    }
    bool carry_once() {
        const std::string up = std::exchange(socket->sent, {});
        if (!up.empty()) peer.receive(up);
        const std::string down = peer.take();
        if (!down.empty()) socket->deliver(down);
        return !up.empty() || !down.empty();
    }
    /// The peer says something.
    asyncio::Coroutine<> say(std::string text) {
        peer.engine.write(text);
        co_await carry();
    }

    std::shared_ptr<Trace> entries = std::make_shared<Trace>();
    Trace& trace = *entries;
    std::shared_ptr<TlsRecorder> protocol = std::make_shared<TlsRecorder>(entries);
    asyncio::detail::Ref<MemorySocket> socket;
    std::shared_ptr<asyncio::detail::TlsTransport> transport;
    TlsEndpoint peer;

private:
    static asyncio::detail::TlsRequest request(const TlsWireOptions& o) {
        asyncio::detail::TlsArguments arguments;
        arguments.ssl = asyncio::SSLArg(o.server_side ? o.server : o.client);
        if (!o.server_side) arguments.server_hostname = o.server_hostname;
        arguments.handshake_timeout = o.handshake_timeout;
        arguments.shutdown_timeout = o.shutdown_timeout;
        arguments.suppress_ragged_eofs = o.suppress_ragged_eofs;
        return asyncio::detail::TlsRequest(arguments);
    }
    static asyncio::detail::TlsEngineOptions peer_options(const TlsWireOptions& o) {
        asyncio::detail::TlsEngineOptions options;
        options.server_side = !o.server_side;
        if (o.server_side) options.server_hostname = o.server_hostname;
        return options;
    }
};

inline void check_trace(const Trace& trace, const Trace& expected) {
    BOOST_TEST(join(trace) == join(expected));
}

} // namespace asyncio_test
