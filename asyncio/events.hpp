// Layer 1. The event loop as users see it: callbacks, timers, running, errors.
//
//   call_soon ─┐
//   timers ────┼─> ready queue ─> one iteration runs what was ready when it began
//   I/O ───────┘
//
// What is a template is not virtual and what is virtual is type-erased, so a loop can be written by
// a user. Python counterpart: asyncio.events, asyncio.base_events.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/context.hpp>
#include <asyncio/detail/handle_node.hpp>
#include <asyncio/detail/loop_core.hpp>
#include <asyncio/detail/names.hpp>
#include <asyncio/exceptions.hpp>
#include <asyncio/seconds.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <source_location>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace asyncio {

template <class T>
class Coroutine;
template <class T>
class Future;
template <class T>
class Task;
class TaskRef;
class AnyCoroutine;
class AbstractEventLoop;
struct ExceptionContext;
struct TaskOptions;
struct AddressInfo;
class AddressQuery;
class BaseProtocol;
class Transport;
class HostArg;
class PathArg;
class PortArg;
class SocketAddress;
struct ConnectAcceptedSocketOptions;
struct CreateConnectionOptions;
struct CreateServerOptions;
struct CreateUnixConnectionOptions;
struct CreateUnixServerOptions;
struct GetAddrInfoOptions;
struct CreateDatagramEndpointOptions;
struct SendfileOptions;
class FileArg;
class Socket;
struct StartTlsOptions;
namespace ssl {
class SSLContext;
}
namespace concurrent {
class Executor;
class ThreadPoolExecutor;
} // namespace concurrent

using LoopPtr = std::shared_ptr<AbstractEventLoop>;
using ExceptionHandler = std::function<void(AbstractEventLoop&, const ExceptionContext&)>;
/// Makes the task for a coroutine; see AbstractEventLoop::set_task_factory.
using TaskFactory = std::function<TaskRef(AbstractEventLoop&, AnyCoroutine, const TaskOptions&)>;

/// A scheduled callback. Default-constructed it is None.
class ASYNCIO_EXPORT Handle {
public:
    Handle() = default;
    explicit Handle(detail::Ref<detail::HandleNode> node) noexcept : node_(std::move(node)) {}
    /// Prevents the callback from running; a no-op afterwards. Releases the callable at once.
    void cancel() const { node().cancel(); }
    bool cancelled() const { return node().cancelled(); }
    /// The context the callback runs in.
    Context get_context() const { return Context(detail::ContextSlot(materialised())); }
    explicit operator bool() const noexcept { return static_cast<bool>(node_); }
    friend bool operator==(const Handle&, const Handle&) noexcept = default;
    friend bool operator==(const Handle& handle, std::nullptr_t) noexcept { return !handle.node_; }
    /// "<Handle cancelled>" or "<Handle CALLBACK>".
    std::string repr() const;
    detail::HandleNode& node() const;

protected:
    detail::Ref<detail::HandleNode> node_;

private:
    detail::ContextSlot materialised() const;
};

/// A callback scheduled for a time. Ordered by deadline.
class ASYNCIO_EXPORT TimerHandle : public Handle {
public:
    TimerHandle() = default;
    explicit TimerHandle(detail::Ref<detail::TimerNode> node) noexcept : Handle(std::move(node)) {}
    /// The deadline, in seconds of loop.time().
    double when() const { return static_cast<detail::TimerNode&>(node()).when_; }
    friend std::partial_ordering operator<=>(const TimerHandle& a, const TimerHandle& b) {
        return a.when() <=> b.when();
    }
    friend bool operator==(const TimerHandle&, const TimerHandle&) noexcept = default;
};

struct CallOptions {
    const Context* context = nullptr; ///< The context to call it in; a copy of the current one.
    std::source_location created = std::source_location::current(); ///< For debug mode: the caller.
};

namespace detail {

template <class F, class... Args>
concept Callback = std::invocable<std::decay_t<F>&, std::decay_t<Args>&&...> ||
                   std::invocable<std::decay_t<F>&, std::decay_t<Args>&...>;

template <class F, class... Args>
consteval bool returns_coroutine() {
    if constexpr (std::invocable<std::decay_t<F>&, std::decay_t<Args>...>)
        return requires {
            typename std::invoke_result_t<std::decay_t<F>&, std::decay_t<Args>...>::promise_type;
        };
    return false;
}

// Options without the caller's line: that is lost behind a parameter pack.
inline CallOptions no_site() noexcept { return {.created = std::source_location()}; }

inline ContextSlot context_for(CallOptions options) {
    return options.context ? options.context->slot() : copy_current_context();
}

} // namespace detail

/// The interface of an event loop. Methods belong to the loop's thread except where said.
class ASYNCIO_EXPORT AbstractEventLoop : public std::enable_shared_from_this<AbstractEventLoop> {
public:
    AbstractEventLoop(const AbstractEventLoop&) = delete;
    AbstractEventLoop& operator=(const AbstractEventLoop&) = delete;
    virtual ~AbstractEventLoop();

    // Running and stopping

    /// Runs until stop(). Throws RuntimeError when a loop is running in this thread already.
    virtual void run_forever();
    /// Runs until the future or coroutine is done and returns its result.
    template <class Awaitable>
    auto run_until_complete(Awaitable&& awaitable);
    /// Ends run_forever() after the current iteration.
    virtual void stop();
    bool is_running() const noexcept;
    bool is_closed() const noexcept;
    /// Drops what is queued; idempotent. Throws RuntimeError while running.
    virtual void close();
    /// Seconds of a monotonic clock.
    virtual double time() const;
    /// Joins the default executor's threads, at most for `timeout`.
    Coroutine<void> shutdown_default_executor(std::optional<Seconds> timeout = {});
    /// Closes the asynchronous generators that are still alive.
    Coroutine<void> shutdown_asyncgens();

    // Scheduling

    /// Calls cb(args...) in the next iteration, first in first out.
    template <class F, class... Args>
        requires(sizeof...(Args) > 0 && detail::Callback<F, Args...>)
    Handle call_soon(F&& cb, Args&&... args) {
        return call_soon(detail::no_site(), std::forward<F>(cb), std::forward<Args>(args)...);
    }
    template <class F>
        requires detail::Callback<F>
    Handle call_soon(F&& cb,
                     detail::CallSite created = detail::CallSite(std::source_location::current())) {
        return call_soon(CallOptions{.created = created.where}, std::forward<F>(cb));
    }
    template <class F, class... Args>
        requires detail::Callback<F, Args...>
    Handle call_soon(CallOptions options, F&& cb, Args&&... args);
    /// The same from any thread; wakes the loop. Throws RuntimeError when it is closed.
    template <class F, class... Args>
        requires(sizeof...(Args) > 0 && detail::Callback<F, Args...>)
    Handle call_soon_threadsafe(F&& cb, Args&&... args) {
        return call_soon_threadsafe(detail::no_site(), std::forward<F>(cb),
                                    std::forward<Args>(args)...);
    }
    template <class F>
        requires detail::Callback<F>
    Handle call_soon_threadsafe(
        F&& cb, detail::CallSite created = detail::CallSite(std::source_location::current())) {
        return call_soon_threadsafe(CallOptions{.created = created.where}, std::forward<F>(cb));
    }
    template <class F, class... Args>
        requires detail::Callback<F, Args...>
    Handle call_soon_threadsafe(CallOptions options, F&& cb, Args&&... args);
    /// Calls cb(args...) once, `delay` from now.
    template <class F, class... Args>
        requires(sizeof...(Args) > 0 && detail::Callback<F, Args...>)
    TimerHandle call_later(Seconds delay, F&& cb, Args&&... args) {
        return call_at(detail::no_site(), time() + delay.count(), std::forward<F>(cb),
                       std::forward<Args>(args)...);
    }
    template <class F>
        requires detail::Callback<F>
    TimerHandle
    call_later(Seconds delay, F&& cb,
               detail::CallSite created = detail::CallSite(std::source_location::current())) {
        return call_at(CallOptions{.created = created.where}, time() + delay.count(),
                       std::forward<F>(cb));
    }
    template <class F, class... Args>
        requires detail::Callback<F, Args...>
    TimerHandle call_later(CallOptions options, Seconds delay, F&& cb, Args&&... args) {
        return call_at(options, time() + delay.count(), std::forward<F>(cb),
                       std::forward<Args>(args)...);
    }
    /// Calls cb(args...) once, at a time of this loop's clock.
    template <class F, class... Args>
        requires(sizeof...(Args) > 0 && detail::Callback<F, Args...>)
    TimerHandle call_at(double when, F&& cb, Args&&... args) {
        return call_at(detail::no_site(), when, std::forward<F>(cb), std::forward<Args>(args)...);
    }
    template <class F>
        requires detail::Callback<F>
    TimerHandle
    call_at(double when, F&& cb,
            detail::CallSite created = detail::CallSite(std::source_location::current())) {
        return call_at(CallOptions{.created = created.where}, when, std::forward<F>(cb));
    }
    template <class F, class... Args>
        requires detail::Callback<F, Args...>
    TimerHandle call_at(CallOptions options, double when, F&& cb, Args&&... args);

    // Futures and tasks

    template <class T = void>
    Future<T> create_future(std::source_location created = std::source_location::current());
    /// Schedules a coroutine; see asyncio::create_task.
    template <class Awaitable>
    auto create_task(Awaitable&& coroutine,
                     detail::CallSite created = detail::CallSite(std::source_location::current()));
    template <class Awaitable>
    auto create_task(Awaitable&& coroutine, TaskOptions options,
                     detail::CallSite created = detail::CallSite(std::source_location::current()));
    /// Replaces what create_task uses; an empty function restores the default.
    void set_task_factory(TaskFactory factory);
    const TaskFactory& get_task_factory() const noexcept;

    // Threads

    /// Calls f(args...) on the executor (null: the default pool). Submits at once.
    template <class F, class... Args>
    auto run_in_executor(std::shared_ptr<concurrent::Executor> executor, F&& f, Args&&... args);
    template <class F, class... Args>
    auto run_in_executor(std::nullptr_t, F&& f, Args&&... args);
    void set_default_executor(std::shared_ptr<concurrent::ThreadPoolExecutor> executor);

    // Connections: see endpoints.hpp

    /// Connects to host:port. Awaiting gives the transport and the protocol, a pair of shared_ptrs;
    /// the factory is a function that returns a shared_ptr<P>, or such a pointer. Throws OSError.
    template <class F>
    auto create_connection(F&& factory, HostArg host, PortArg port);
    template <class F>
    auto create_connection(F&& factory, HostArg host, PortArg port,
                           CreateConnectionOptions options);
    template <class F>
    auto create_connection(F&& factory, CreateConnectionOptions options);
    /// Listens on host:port, on all interfaces without a host. Awaiting gives the Server; it calls
    /// the factory for each connection.
    template <class F>
    auto create_server(F&& factory, HostArg host, PortArg port);
    template <class F>
    auto create_server(F&& factory, HostArg host, PortArg port, CreateServerOptions options);
    template <class F>
    auto create_server(F&& factory, CreateServerOptions options);
    /// Takes over a stream socket that was accepted elsewhere; as create_connection().
    template <class F>
    auto connect_accepted_socket(F&& factory, int sock);
    template <class F>
    auto connect_accepted_socket(F&& factory, int sock, ConnectAcceptedSocketOptions options);
    /// The same over Unix sockets: see unix_endpoints.hpp.
    template <class F>
    auto create_unix_connection(F&& factory, PathArg path);
    template <class F>
    auto create_unix_connection(F&& factory, PathArg path, CreateUnixConnectionOptions options);
    template <class F>
    auto create_unix_connection(F&& factory, CreateUnixConnectionOptions options);
    template <class F>
    auto create_unix_server(F&& factory, PathArg path);
    template <class F>
    auto create_unix_server(F&& factory, PathArg path, CreateUnixServerOptions options);
    template <class F>
    auto create_unix_server(F&& factory, CreateUnixServerOptions options);
    /// Upgrades a connection to TLS and waits for the handshake; see start_tls.hpp. The result
    /// takes the place of `transport`, which must not be used any more; connection_made() is not
    /// called again. An error or a cancel closes the connection. Throws SSLError,
    /// ConnectionAbortedError when it takes too long, TypeError and ValueError.
    Coroutine<std::shared_ptr<Transport>> start_tls(std::shared_ptr<Transport> transport,
                                                    std::shared_ptr<BaseProtocol> protocol,
                                                    const ssl::SSLContext& context);
    Coroutine<std::shared_ptr<Transport>> start_tls(std::shared_ptr<Transport> transport,
                                                    std::shared_ptr<BaseProtocol> protocol,
                                                    const ssl::SSLContext& context,
                                                    StartTlsOptions options);
    /// The addresses of a host, in the system's order. Throws gaierror. A cancel is immediate, the
    /// lookup goes on in the background.
    Coroutine<std::vector<AddressInfo>> getaddrinfo(HostArg host, PortArg port);
    Coroutine<std::vector<AddressInfo>> getaddrinfo(HostArg host, PortArg port,
                                                    GetAddrInfoOptions options);
    /// What getaddrinfo() and whoever connects or listens by name use. Override it to replace the
    /// system's resolver.
    virtual Coroutine<std::vector<AddressInfo>> resolve(AddressQuery query);
    /// The names of a host and a service; flags are the system's (NI_NUMERICHOST...). Throws
    /// gaierror. Cancelling as above.
    virtual Coroutine<std::pair<std::string, std::string>> getnameinfo(SocketAddress address,
                                                                       int flags = 0);

    // Datagrams: see datagrams.hpp

    /// Opens a datagram socket. Awaiting gives the transport and the protocol, a pair of
    /// shared_ptrs; the factory as for create_connection(). Throws OSError.
    template <class F>
    auto create_datagram_endpoint(F&& factory, CreateDatagramEndpointOptions options);

    // Descriptors: see readers.hpp

    /// Calls cb(args...) whenever the descriptor is readable, until remove_reader(). It replaces
    /// the reader there is. The descriptor stays the caller's: remove it before closing it. Throws
    /// RuntimeError for a transport's descriptor, PermissionError for a regular file.
    template <class F, class... Args>
    void add_reader(FileArg fd, F&& cb, Args&&... args);
    /// The same for writing; both may watch one descriptor.
    template <class F, class... Args>
    void add_writer(FileArg fd, F&& cb, Args&&... args);
    /// Whether there was one. A call that is already queued does not run.
    bool remove_reader(FileArg fd);
    bool remove_writer(FileArg fd);

    // Sockets: see socket.hpp

    /// Up to `size` bytes; none at the end of the stream. These operations try the system call
    /// first and wait only when it would block. A cancel is immediate and loses nothing. In debug
    /// mode they throw ValueError for a blocking socket.
    Coroutine<std::string> sock_recv(Socket sock, std::size_t size);
    /// Receives into the caller's memory, which must live until then, and returns how many bytes.
    Coroutine<std::size_t> sock_recv_into(Socket sock, std::span<std::byte> buffer);
    /// One datagram, cut off after `size` bytes, and where it came from.
    Coroutine<std::pair<std::string, SocketAddress>> sock_recvfrom(Socket sock, std::size_t size);
    /// The same into the caller's memory: at most `nbytes` of it, 0 for all. Throws ValueError when
    /// nbytes is larger than the buffer.
    Coroutine<std::pair<std::size_t, SocketAddress>>
    sock_recvfrom_into(Socket sock, std::span<std::byte> buffer, std::size_t nbytes = 0);
    /// Sends all of it. After an error nobody knows how much was sent.
    Coroutine<void> sock_sendall(Socket sock, std::string_view data);
    /// Sends one datagram and returns its size.
    Coroutine<std::size_t> sock_sendto(Socket sock, std::string_view data, SocketAddress address);
    /// Throws OSError "Connect call failed ...". The second form resolves the host.
    Coroutine<void> sock_connect(Socket sock, SocketAddress address);
    Coroutine<void> sock_connect(Socket sock, HostArg host, PortArg port);
    /// A connection to a listening socket, non-blocking, and where it comes from.
    Coroutine<std::pair<Socket, SocketAddress>> sock_accept(Socket sock);

    // Pipes: see pipes.hpp

    /// Makes a transport of the read end of a pipe, a socket or a character device, which it owns
    /// from now on and sets non-blocking. Awaiting gives the transport and the protocol. Throws
    /// ValueError for another descriptor, which stays the caller's.
    template <class F>
    auto connect_read_pipe(F&& factory, FileArg pipe);
    /// The same for a write end. The protocol loses its connection when the reader goes.
    template <class F>
    auto connect_write_pipe(F&& factory, FileArg pipe);

    // Files: see sendfile.hpp

    /// Sends a regular file through a transport and returns how many bytes; the file's position is
    /// behind them afterwards, also after an error. The descriptor stays the caller's.
    Coroutine<std::uint64_t> sendfile(std::shared_ptr<Transport> transport, FileArg file);
    Coroutine<std::uint64_t> sendfile(std::shared_ptr<Transport> transport, FileArg file,
                                      SendfileOptions options);
    /// The same through a connected stream socket.
    Coroutine<std::uint64_t> sock_sendfile(Socket sock, FileArg file);
    Coroutine<std::uint64_t> sock_sendfile(Socket sock, FileArg file, SendfileOptions options);

    // Errors

    /// Replaces the handling of errors nobody catches; an empty function restores the default.
    void set_exception_handler(ExceptionHandler handler);
    const ExceptionHandler& get_exception_handler() const noexcept;
    /// Logs the context at ERROR, one record.
    virtual void default_exception_handler(const ExceptionContext& context);
    /// Never throws but KeyboardInterrupt and SystemExit.
    void call_exception_handler(const ExceptionContext& context);

    // Debugging

    bool get_debug() const noexcept { return core_->debug_; }
    void set_debug(bool enabled);
    /// Callbacks that take this long are logged in debug mode. 0.1 s by default.
    Seconds slow_callback_duration = 0.1;
    virtual std::string repr() const;

    // For those who write a loop: type-erased primitives

    virtual void schedule(detail::ReadyNode& node);
    virtual void schedule_at(detail::TimerNode& node);
    /// From any thread. False when the loop is closed.
    virtual bool schedule_threadsafe(detail::ReadyNode& node);

    detail::LoopCore& core() const noexcept { return *core_; }

protected:
    AbstractEventLoop() : AbstractEventLoop(false) {}
    explicit AbstractEventLoop(bool native);
    void check_closed() const { core_->check_closed(); }

    const detail::Ref<detail::LoopCore> core_;
};

/// The loop that runs in this thread. Throws RuntimeError "no running event loop" without one.
ASYNCIO_EXPORT AbstractEventLoop& get_running_loop();
/// The running loop, else the one set for this thread, else RuntimeError.
ASYNCIO_EXPORT AbstractEventLoop& get_event_loop();
/// Sets this thread's loop; null unsets it.
ASYNCIO_EXPORT void set_event_loop(LoopPtr loop);
/// A new loop of the policy's making. Does not set it.
ASYNCIO_EXPORT LoopPtr new_event_loop();

template <class F, class... Args>
    requires detail::Callback<F, Args...>
Handle AbstractEventLoop::call_soon(CallOptions options, F&& cb, Args&&... args) {
    static_assert(!detail::returns_coroutine<F, Args...>(),
                  "coroutines cannot be used with call_soon(): use create_task()");
    using Call = detail::BoundCall<std::decay_t<F>, std::decay_t<Args>...>;
    core_->check_closed();
    core_->check_thread();
    auto node = detail::make_ref<detail::CallNode<detail::HandleNode, Call>>(
        std::tuple<detail::ContextSlot>(detail::context_for(options)), std::forward<F>(cb),
        std::forward<Args>(args)...);
    node->created_ = options.created;
    node->add_ref(); // the queue's
    core_->push(*node);
    return Handle(std::move(node));
}

template <class F, class... Args>
    requires detail::Callback<F, Args...>
Handle AbstractEventLoop::call_soon_threadsafe(CallOptions options, F&& cb, Args&&... args) {
    static_assert(!detail::returns_coroutine<F, Args...>(),
                  "coroutines cannot be used with call_soon_threadsafe()");
    using Call = detail::BoundCall<std::decay_t<F>, std::decay_t<Args>...>;
    auto node = detail::make_ref<detail::ThreadsafeCallNode<Call>>(
        std::tuple<detail::ContextSlot>(detail::context_for(options)), std::forward<F>(cb),
        std::forward<Args>(args)...);
    node->created_ = options.created;
    node->add_ref();
    if (!core_->push_threadsafe(*node)) {
        node->discard();
        throw RuntimeError("Event loop is closed");
    }
    return Handle(std::move(node));
}

template <class F, class... Args>
    requires detail::Callback<F, Args...>
TimerHandle AbstractEventLoop::call_at(CallOptions options, double when, F&& cb, Args&&... args) {
    static_assert(!detail::returns_coroutine<F, Args...>(),
                  "coroutines cannot be used with call_at()");
    using Call = detail::BoundCall<std::decay_t<F>, std::decay_t<Args>...>;
    core_->check_closed();
    core_->check_thread();
    using Base = std::tuple<detail::LoopCore&, detail::ContextSlot, double>;
    auto node = detail::make_ref<detail::CallNode<detail::TimerNode, Call>>(
        Base(*core_, detail::context_for(options), when), std::forward<F>(cb),
        std::forward<Args>(args)...);
    node->created_ = options.created;
    node->add_ref();
    core_->schedule_at(*node);
    return TimerHandle(std::move(node));
}

} // namespace asyncio
