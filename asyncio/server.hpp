// Layer 4. Server: listening sockets and the connections they made.
//
// create_server() and start_server() make it. Python counterpart: asyncio.Server.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/coroutines.hpp>
#include <asyncio/detail/ref.hpp>
#include <asyncio/detail/waiters.hpp>
#include <asyncio/events.hpp>
#include <asyncio/seconds.hpp>
#include <asyncio/sockets.hpp>

#include <exception>
#include <string>
#include <vector>

namespace asyncio {

namespace detail {

/// What the handle refers to; each kind of server derives from it.
class ASYNCIO_EXPORT ServerCore : public RefCounted {
public:
    virtual void close() = 0;
    virtual void close_clients() = 0;
    virtual void abort_clients() = 0;
    virtual bool is_serving() const noexcept = 0;
    virtual bool is_closed() const noexcept = 0;
    virtual std::vector<TransportSocket> sockets() const = 0;
    virtual void start_serving() = 0;
    void destroy() noexcept { delete this; }
    std::string repr() const;

    const Ref<LoopCore> core_;
    WaiterList waiters_;          // in wait_closed()
    bool ended_ = false;          // closed, and no connection is left
    bool served_forever_ = false; // somebody is in serve_forever()
    Waiter* forever_ = nullptr;   // what he waits on

protected:
    explicit ServerCore(LoopCore& core) noexcept : core_(&core) {}
    virtual ~ServerCore();
};

/// Waits until a server is closed and all its connections are gone.
class [[nodiscard]] ServerClosed : public Leaf<ServerClosed, void> {
public:
    explicit ServerClosed(Ref<ServerCore> server) noexcept : server_(std::move(server)) {}
    bool await_ready() const noexcept { return server_->ended_; }
    void suspend(PromiseBase& promise) {
        server_->waiters_.push(waiter_);
        waiter_.suspend(promise);
    }
    void await_resume() {
        waiter_.leave();
        waiter_.check();
    }

private:
    Ref<ServerCore> server_;
    QueuedWaiter waiter_;
};

} // namespace detail

/// A handle; default-constructed it is None. The loop keeps an open server alive: dropping the
/// handle does not close it. Closing is for the loop's thread.
class ASYNCIO_EXPORT Server {
public:
    Server() = default;
    explicit Server(detail::Ref<detail::ServerCore> server) noexcept : server_(std::move(server)) {}

    /// Closes the listening sockets at once; connections live on. Ends serve_forever().
    /// Idempotent.
    void close() const { core().close(); }
    /// Waits until the server is closed and its last connection is gone, in whichever order.
    detail::ServerClosed wait_closed() const {
        core();
        return detail::ServerClosed(server_);
    }
    /// Calls close(), or abort(), of every connection's transport.
    void close_clients() const { core().close_clients(); }
    void abort_clients() const { core().abort_clients(); }
    /// close(); connections get `grace` to end by themselves, then close_clients() and the same
    /// time again to send what they have, then abort_clients(). Returns when all are gone.
    Coroutine<> shutdown(Seconds grace) const;

    bool is_serving() const { return core().is_serving(); }
    /// The listening sockets; none once it is closed.
    std::vector<TransportSocket> sockets() const { return core().sockets(); }
    AbstractEventLoop& get_loop() const { return core().core_->loop(); }
    /// Begins to accept; idempotent. Only needed after {.start_serving = false}.
    Coroutine<> start_serving() const;
    /// Accepts until it is cancelled or the server is closed, and ends with CancelledError.
    /// A cancel closes the server and waits for its connections. Throws RuntimeError when the
    /// server is closed, or awaited here already.
    Coroutine<> serve_forever() const;
    /// As Python's repr().
    std::string repr() const;

    /// For async_with(server, body): closes the server and waits.
    Server aenter() const { return *this; }
    Coroutine<bool> aexit(std::exception_ptr error) const;

    explicit operator bool() const noexcept { return static_cast<bool>(server_); }
    friend bool operator==(const Server&, const Server&) noexcept = default;

private:
    detail::ServerCore& core() const;
    detail::Ref<detail::ServerCore> server_;
};

} // namespace asyncio
