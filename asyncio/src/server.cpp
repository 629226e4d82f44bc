// Layer 4. The public side of Server: waiting, serving, shutting down.
#include <asyncio/exceptions.hpp>
#include <asyncio/server.hpp>
#include <asyncio/tasks.hpp>
#include <asyncio/wait_for.hpp>

namespace asyncio {

namespace detail {

ServerCore::~ServerCore() = default;

std::string ServerCore::repr() const {
    const auto list = sockets();
    std::string text = "<Server sockets=(";
    for (const TransportSocket& socket : list)
        text += (&socket == &list.front() ? "" : ", ") + socket.repr();
    return text + (list.size() == 1 ? ",)>" : ")>");
}

namespace {

/// Blocks until the server is closed, which cancels it.
class ServesForever : public Leaf<ServesForever, void> {
public:
    explicit ServesForever(Ref<ServerCore> server) noexcept : server_(std::move(server)) {}
    ServesForever(ServesForever&&) noexcept = default;
    ~ServesForever() {
        if (waiter_.suspended()) server_->forever_ = nullptr;
    }
    bool await_ready() const noexcept { return false; }
    void suspend(PromiseBase& promise) {
        server_->forever_ = &waiter_;
        waiter_.suspend(promise);
    }
    void await_resume() { waiter_.check(); }

private:
    Ref<ServerCore> server_;
    Waiter waiter_;
};

// Marks the server as being served for ever, until the coroutine ends.
struct Serving {
    bool& flag;
    explicit Serving(bool& serving) : flag(serving) { flag = true; }
    Serving(const Serving&) = delete;
    ~Serving() { flag = false; }
};

Coroutine<> start(Ref<ServerCore> server) {
    server->start_serving();
    co_await sleep(0); // the loop polls the new sockets
}

Coroutine<> serve(Ref<ServerCore> server) {
    if (server->served_forever_)
        throw RuntimeError("server " + server->repr() +
                           " is already being awaited on serve_forever()");
    if (server->is_closed()) throw RuntimeError("server " + server->repr() + " is closed");
    server->start_serving();
    const Serving serving(server->served_forever_);
    std::exception_ptr cancelled;
    try {
        co_await ServesForever(server);
    } catch (const CancelledError&) {
        cancelled = std::current_exception();
    }
    try {
        server->close();
        co_await ServerClosed(server);
    } catch (...) {
        // What cancelled it first counts, as in Python.
        if (!cancelled) throw;
    }
    std::rethrow_exception(cancelled);
}

// False when the time is over.
Coroutine<bool> ends_within(Ref<ServerCore> server, Seconds time) {
    try {
        co_await wait_for(ServerClosed(server), time);
    } catch (const TimeoutError&) {
        co_return false;
    }
    co_return true;
}

Coroutine<> shut_down(Ref<ServerCore> server, Seconds grace) {
    server->close();
    bool ended = co_await ends_within(server, grace);
    if (!ended) {
        server->close_clients();
        ended = co_await ends_within(server, grace);
    }
    if (!ended) server->abort_clients();
    co_await ServerClosed(server);
}

Coroutine<bool> leave_server(Ref<ServerCore> server) {
    server->close();
    co_await ServerClosed(server);
    co_return false;
}

} // namespace
} // namespace detail

detail::ServerCore& Server::core() const {
    if (!server_) throw RuntimeError("the Server is None");
    return *server_;
}

Coroutine<> Server::shutdown(Seconds grace) const {
    core();
    return detail::shut_down(server_, grace);
}
Coroutine<> Server::start_serving() const {
    core();
    return detail::start(server_);
}
Coroutine<> Server::serve_forever() const {
    core();
    return detail::serve(server_);
}
Coroutine<bool> Server::aexit(std::exception_ptr) const {
    core();
    return detail::leave_server(server_);
}

std::string Server::repr() const { return server_ ? core().repr() : "None"; }

} // namespace asyncio
