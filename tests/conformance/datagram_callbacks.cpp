// Pins CON-15, TRN-05, EXH-01: each callback of a datagram protocol fails; the transport lives on.
#include "py.hpp"

#include <sys/socket.h>
#include <unistd.h>

const std::vector<std::string> CALLBACKS{"made", "datagram", "pause", "resume", "lost"};

using Trace = std::vector<std::string>;

struct Bad : asyncio::DatagramProtocol {
    Bad(std::string c, Trace& t) : callback(c), trace(t) {}

    void event(std::string name) {
        trace.push_back(name);
        if (name == callback) throw asyncio::ValueError("mine");
    }

    void connection_made(std::shared_ptr<asyncio::DatagramTransport>) override { event("made"); }

    void datagram_received(std::string_view, const asyncio::SocketAddress&) override {
        event("datagram");
    }

    void error_received(std::exception_ptr) override { event("error"); }

    void pause_writing() override { event("pause"); }

    void resume_writing() override { event("resume"); }

    void connection_lost(std::exception_ptr) override { event("lost"); }

    std::string callback;
    Trace& trace;
};

asyncio::Coroutine<> settle() {
    for (int i = 0; i < 2; ++i) co_await asyncio::sleep(0.0005);
}

void set_handler(Trace& trace) {
    auto report = [&](asyncio::AbstractEventLoop&, const asyncio::ExceptionContext& context) {
        const bool callback = context.message.starts_with("Exception in callback");
        const std::string text = callback ? "Exception in callback" : context.message;
        trace.push_back("<" + text + " " + asyncio::repr(context.exception) + ">");
    };

    asyncio::get_running_loop().set_exception_handler(report);
}

std::string join(const Trace& items) {
    std::string text;
    for (const auto& item : items) text += (text.empty() ? "" : ", ") + item;
    return text;
}

// To a peer that does not read, then reads.
asyncio::Coroutine<> try_traffic(std::string callback) {
    auto& loop = asyncio::get_running_loop();
    Trace trace;
    set_handler(trace);
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends) != 0) std::abort();
    const int peer = ends[1];
    const auto bad = std::make_shared<Bad>(callback, trace);
    auto made = co_await loop.create_datagram_endpoint(bad, {.sock = ends[0]});
    auto& [transport, protocol] = made;
    transport->set_write_buffer_limits({.high = 0});
    while (transport->get_write_buffer_size() == 0) transport->sendto(std::string(1000, 'x'));
    char buffer[2000];
    while (::recv(peer, buffer, sizeof buffer, MSG_DONTWAIT) >= 0) {
    }
    co_await settle();
    if (::send(peer, "one", 3, 0) < 0) std::abort();
    co_await settle();
    if (::send(peer, "two", 3, 0) < 0) std::abort();
    co_await settle();
    trace.push_back(transport->is_closing() ? "closing" : "open");
    transport->close();
    co_await settle();
    ::close(peer);
    print(callback + ":", join(trace));
}

// To nobody: the system tells by an error, to who receives or to who sends next.
asyncio::Coroutine<> try_error(std::string callback) {
    auto& loop = asyncio::get_running_loop();
    Trace trace;
    set_handler(trace);
    asyncio::Socket nobody(AF_INET, SOCK_DGRAM);
    nobody.bind(asyncio::SocketAddress("127.0.0.1", 0));
    const auto address = nobody.getsockname();
    nobody.close();
    const auto bad = std::make_shared<Bad>(callback, trace);
    auto made =
        co_await loop.create_datagram_endpoint(bad, {.remote_addr = {"127.0.0.1", address.port()}});
    auto& [transport, protocol] = made;
    transport->sendto("x");
    co_await settle();
    transport->sendto("x");
    try {
        transport->sendto("x");
        trace.push_back("sent");
    } catch (const asyncio::ValueError& e) {
        trace.push_back("raised " + asyncio::repr(e));
    }
    trace.push_back(transport->is_closing() ? "closing" : "open");
    transport->close();
    co_await settle();
    print(callback + " over UDP:", join(trace));
}

asyncio::Coroutine<> amain() {
    for (const auto& callback : CALLBACKS) co_await try_traffic(callback);
    co_await try_error("error");
    co_await try_error("lost");
}

int main() { asyncio::run(amain()); }
