// Pins TLS-05, TLS-07, TLS-08, PRO-01: the events of both sides of a TLS connection, who closes,
// and what is known when.
#include "py.hpp"

#include <cstdlib>

#include <unistd.h>

namespace ssl = asyncio::ssl;

using Log = std::vector<std::pair<std::string, std::string>>;

struct Recorder : asyncio::Protocol {
    Recorder(std::string n, Log& l, asyncio::Event d) : name(std::move(n)), log(l), done(d) {}

    void note(const std::string& event) { log.emplace_back(name, event); }

    void connection_made(std::shared_ptr<asyncio::Transport> t) override {
        transport = std::move(t);
        note("made " + *transport->get_extra_info<ssl::SSLObject>("ssl_object").version() + ' ' +
             py::repr(!transport->get_extra_info("compression").has_value()));
    }

    void data_received(std::string_view data) override {
        note("data " + std::string(data));
        if (data == "question") {
            transport->write("answer");
        } else if (data == "close") {
            transport->close();
            note("closing " + py::repr(transport->is_closing()));
        }
    }

    bool eof_received() override {
        note("eof " + py::repr(transport->is_closing()));
        return false;
    }

    void connection_lost(std::exception_ptr exc) override {
        note("lost " + py::repr(exc));
        done.set();
    }

    std::string name;
    Log& log;
    asyncio::Event done;
    std::shared_ptr<asyncio::Transport> transport;
};

bool answered(const Log& log) {
    for (const auto& [name, event] : log)
        if (name == "client" && event.starts_with("data")) return true;
    return false;
}

asyncio::Coroutine<> session(ssl::SSLContext server_context, ssl::SSLContext client_context,
                             std::string message, bool closes) {
    auto& loop = asyncio::get_running_loop();
    Log log;
    asyncio::Event served, connected;
    auto server = co_await loop.create_server(
        [&] { return std::make_shared<Recorder>("server", log, served); }, "127.0.0.1", 0,
        {.ssl = server_context});
    const auto port = server.sockets().at(0).getsockname().port();
    auto pair = co_await loop.create_connection(
        [&] { return std::make_shared<Recorder>("client", log, connected); }, "127.0.0.1", port,
        {.ssl = client_context});
    auto& [transport, protocol] = pair;
    protocol->note("connected " + py::repr(protocol->transport == transport) + ' ' +
                   py::repr(transport->can_write_eof()));
    transport->write(message);
    if (closes) {
        while (!answered(log)) co_await asyncio::sleep(0.001);
        transport->close();
    }
    co_await served.wait();
    co_await connected.wait();
    transport->write("too late");
    server.close();
    for (const auto* who : {"client", "server"})
        for (const auto& [name, event] : log)
            if (name == who) print(name, event);
}

asyncio::Coroutine<> amain() {
    char chain[] = "/tmp/tls_events_XXXXXX";
    ::close(::mkstemp(chain));
    const std::string file = chain;
    const std::string make =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
        "-subj /CN=test -keyout " +
        file + " -out " + file + ".crt 2>/dev/null && cat " + file + ".crt >> " + file +
        "; rm -f " + file + ".crt";
    if (std::system(make.c_str()) != 0) throw asyncio::RuntimeError("openssl failed");
    const ssl::SSLContext server_context(ssl::PROTOCOL_TLS_SERVER);
    server_context.load_cert_chain(file);
    ::unlink(chain);
    const ssl::SSLContext client_context(ssl::PROTOCOL_TLS_CLIENT);
    client_context.set_check_hostname(false);
    client_context.set_verify_mode(ssl::CERT_NONE);
    co_await session(server_context, client_context, "question", true);
    co_await session(server_context, client_context, "close", false);
}

int main() { asyncio::run(amain()); }
