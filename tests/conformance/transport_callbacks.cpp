// Pins PRO-01, TRN-05 to TRN-10, TRN-16: each method of a transport called inside of each callback,
// and each callback failing, for a Protocol and a BufferedProtocol.
#include "py.hpp"

#include <cerrno>
#include <set>

#include <sys/socket.h>
#include <unistd.h>

const std::vector<std::string> ACTIONS{"raise",          "close",        "abort", "pause_reading",
                                       "resume_reading", "set_protocol", "write"};
const std::vector<std::string> CALLBACKS{"made", "get", "data", "eof", "pause", "resume", "lost"};
const std::size_t SIZE = 1'000'000;

struct Case;
using Kind = std::shared_ptr<asyncio::BaseProtocol> (*)(Case&);

struct Case {
    Case(Kind k, std::string a, std::string c) : kind(k), action(a), callback(c) {}

    void event(std::string name, std::string detail = "") {
        if (name != "get") trace.push_back(name + detail);
        if (name == callback) {
            callback = "";
            act();
        }
    }

    void act() {
        if (action == "raise")
            throw asyncio::ValueError("mine");
        else if (action == "close")
            transport->close();
        else if (action == "abort")
            transport->abort();
        else if (action == "pause_reading")
            transport->pause_reading();
        else if (action == "resume_reading")
            transport->resume_reading();
        else if (action == "set_protocol")
            transport->set_protocol(kind(*this));
        else if (action == "write")
            transport->write("written");
    }

    Kind kind;
    std::string action, callback;
    std::vector<std::string> trace;
    std::shared_ptr<asyncio::Transport> transport;
};

template <class Base>
struct Common : Base {
    explicit Common(Case& c) : c_(c) {}

    void connection_made(std::shared_ptr<asyncio::Transport> transport) override {
        c_.transport = transport;
        c_.event("made");
    }

    bool eof_received() override {
        c_.event("eof");
        return true;
    }

    void connection_lost(std::exception_ptr exc) override {
        exc ? c_.event("lost ", py::repr(exc)) : c_.event("lost");
    }

    void pause_writing() override { c_.event("pause"); }

    void resume_writing() override { c_.event("resume"); }

    Case& c_;
};

struct Plain : Common<asyncio::Protocol> {
    using Common::Common;
    void data_received(std::string_view) override { c_.event("data"); }
};

struct Buffered : Common<asyncio::BufferedProtocol> {
    using Common::Common;
    std::span<std::byte> get_buffer(std::ptrdiff_t) override {
        c_.event("get");
        buffer.resize(1000);
        return buffer;
    }

    void buffer_updated(std::size_t) override { c_.event("data"); }

    std::vector<std::byte> buffer;
};

template <class P>
std::shared_ptr<asyncio::BaseProtocol> make(Case& c) {
    return std::make_shared<P>(c);
}

// What is ready at the first of these is handled before the last.
asyncio::Coroutine<> settle() {
    for (int i = 0; i < 2; ++i) co_await asyncio::sleep(0.0005);
}

std::size_t receive(int peer) {
    static std::string buffer(SIZE, '\0');
    const auto count = ::recv(peer, buffer.data(), SIZE, MSG_DONTWAIT);
    return count < 0 ? 0 : static_cast<std::size_t>(count);
}

asyncio::Coroutine<std::size_t> drain(int peer) {
    std::size_t count = 0;
    while (true) {
        co_await settle();
        auto more = receive(peer);
        if (!more) break;
        while (more) {
            count += more;
            more = receive(peer);
        }
    }
    co_return count;
}

std::string error_name() { return asyncio::type_name(asyncio::OSError::from_errno(errno)); }

std::string send(int peer, std::string_view data) {
    if (::send(peer, data.data(), data.size(), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        return error_name();
    return "sent";
}

std::string join(const std::vector<std::string>& items) {
    std::string text;
    for (const auto& item : items) text += (text.empty() ? "" : ", ") + item;
    return text;
}

asyncio::Coroutine<> try_case(Kind kind, std::string action, std::string callback) {
    auto& loop = asyncio::get_running_loop();
    Case c(kind, action, callback);

    auto report = [&](asyncio::AbstractEventLoop&, const asyncio::ExceptionContext& context) {
        const bool in_callback = context.message.starts_with("Exception in callback");
        const std::string text = in_callback ? "Exception in callback" : context.message;
        c.trace.push_back("<" + text + " " + asyncio::repr(context.exception) + ">");
    };

    loop.set_exception_handler(report);
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) std::abort();
    const int peer = ends[1];
    auto connected = co_await loop.create_connection(kind(c), {.sock = ends[0]});
    auto& [transport, protocol] = connected;
    c.transport = transport;
    transport->set_write_buffer_limits({.high = 0});
    transport->write(std::string(SIZE, '\0'));
    const auto count = co_await drain(peer);
    c.trace.push_back(count >= SIZE ? "all" : count ? "some" : "nothing");
    c.trace.push_back(send(peer, "data"));
    co_await settle();
    if (::shutdown(peer, SHUT_WR) < 0) c.trace.push_back(error_name());
    co_await settle();
    transport->resume_reading();
    co_await settle();
    c.trace.push_back(transport->is_closing() ? "closing" : "open");
    transport->close();
    co_await settle();
    ::close(peer);
    print(action, "in", callback + ":", join(c.trace));
}

// Where CPython is known to err: closed in resume_writing() a connection is lost twice; a pause in
// connection_made() is forgotten before 3.12; resuming after the end tells the end again; closed in
// get_buffer() it receives once more.
const std::set<std::string> KNOWN{"close in resume",       "abort in resume",
                                  "pause_reading in made", "pause_reading in eof",
                                  "close in get",          "abort in get"};

asyncio::Coroutine<> amain() {
    for (const auto& action : ACTIONS)
        for (const auto& callback : CALLBACKS)
            if (!KNOWN.contains(action + " in " + callback))
                co_await try_case(make<Plain>, action, callback);
    print("buffered");
    for (const auto& action : ACTIONS) {
        if (!KNOWN.contains(action + " in get")) co_await try_case(make<Buffered>, action, "get");
        co_await try_case(make<Buffered>, action, "data");
    }
}

int main() { asyncio::run(amain()); }
