// Pins CON-01, CON-02, TLS-02, TLS-06: which arguments of TLS are refused, and how.
#include "py.hpp"

template <class A>
asyncio::Coroutine<> attempt(std::string name, A awaitable) {
    try {
        co_await std::move(awaitable);
        print(name, "went through");
    } catch (const asyncio::Exception& e) {
        print(name, asyncio::type_name(e), e.str());
    }
}

asyncio::Coroutine<> amain() {
    namespace ssl = asyncio::ssl;
    auto& loop = asyncio::get_running_loop();
    const auto factory = [] { return std::make_shared<asyncio::Protocol>(); };
    const ssl::SSLContext context(ssl::PROTOCOL_TLS_CLIENT);
    const auto connect = [&](const char* host, std::optional<int> port,
                             asyncio::CreateConnectionOptions options) {
        const auto arg = port ? asyncio::PortArg(*port) : asyncio::PortArg();
        return loop.create_connection(factory, host, arg, options);
    };
    const auto host = "127.0.0.1";
    co_await attempt("name", connect(host, 1, {.server_hostname = "a"}));
    co_await attempt("empty name", connect(host, 1, {.server_hostname = ""}));
    co_await attempt("false", connect(host, 1, {.ssl = false, .server_hostname = "a"}));
    co_await attempt("handshake", connect(host, 1, {.ssl_handshake_timeout = 1.0}));
    co_await attempt("shutdown", connect(host, 1, {.ssl_shutdown_timeout = 1.0}));
    co_await attempt("no host", connect(nullptr, 1, {.ssl = context}));
    co_await attempt("nothing", connect(nullptr, {}, {.ssl = true}));
    co_await attempt("order",
                     connect(nullptr, {}, {.server_hostname = "a", .ssl_shutdown_timeout = 1.0}));
    const auto serve = [&](asyncio::CreateServerOptions options) {
        return loop.create_server(factory, host, 0, options);
    };
    co_await attempt("server true", serve({.ssl = true}));
    co_await attempt("server handshake", serve({.ssl_handshake_timeout = 1.0}));
    co_await attempt("server shutdown", serve({.ssl_shutdown_timeout = 1.0}));

    auto server = co_await serve({});
    const int port = server.sockets().at(0).getsockname().port();
    co_await attempt("negative",
                     connect(host, port, {.ssl = context, .ssl_handshake_timeout = -1.5}));
    co_await attempt("zero", connect(host, port, {.ssl = context, .ssl_shutdown_timeout = 0.0}));
    auto pair = co_await connect(host, port, {});
    auto& [transport, protocol] = pair;
    co_await attempt("no context", loop.start_tls(transport, protocol, ssl::SSLContext()));
    co_await attempt("upgrade zero",
                     loop.start_tls(transport, protocol, context,
                                    {.server_hostname = "a", .ssl_handshake_timeout = 0.0}));
    print(transport->is_closing());
    transport->close();
    server.close();
}

int main() { asyncio::run(amain()); }
