// Layer 5. A connected socket of Boost.Asio becomes a transport, or a pair of streams.
//
//   net::ip::tcp::socket ── release() ──> descriptor ──> transport + protocol, reader + writer
//
// Any stream socket will do: of TCP, Unix or generic protocols, on whatever executor. The functions
// take the socket when they are called: its pending operations end with operation_aborted, and the
// descriptor is the library's, which closes it if no connection comes of it, or if the coroutine is
// never run. They are to be called where the socket may be used, and awaited in the loop.
//
// This header needs none of Asio's. Python counterpart: the `sock` argument of
// loop.create_connection, loop.connect_accepted_socket and open_connection.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/coroutines.hpp>
#include <asyncio/endpoints.hpp>
#include <asyncio/events.hpp>
#include <asyncio/exceptions.hpp>
#include <asyncio/socket.hpp>
#include <asyncio/streams.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

namespace asyncio {

/// What boost::asio::basic_stream_socket has.
template <class S>
concept AsioSocket = !std::is_reference_v<S> && !std::is_const_v<S> && requires(S& socket) {
    { socket.is_open() } -> std::same_as<bool>;
    { socket.release() } -> std::convertible_to<int>;
    socket.get_executor();
    socket.shutdown(S::shutdown_send); // acceptors and pipes are none
};

namespace detail {

// Throws OSError for one that is not open.
ASYNCIO_EXPORT Socket adopt_descriptor(int fd);
ASYNCIO_EXPORT ConnectRequest connect_request(Socket socket,
                                              const CreateConnectionOptions& options);
ASYNCIO_EXPORT ConnectRequest connect_request(Socket socket,
                                              const ConnectAcceptedSocketOptions& options);

template <AsioSocket S>
Socket take_socket(S& socket) {
    return adopt_descriptor(socket.is_open() ? static_cast<int>(socket.release()) : -1);
}

} // namespace detail

/// loop.create_connection() over a socket of Asio: the client's end, if it is about TLS. Awaiting
/// gives the transport and the protocol. Throws OSError for a socket that is not open, at once.
template <class F, AsioSocket S>
auto create_connection(AbstractEventLoop& loop, F&& factory, S&& socket,
                       CreateConnectionOptions options = {}) {
    static_assert(detail::ProtocolSource<F>, "create_connection() takes a function that returns a "
                                             "std::shared_ptr to a protocol, or such a pointer");
    detail::check_callable<F>();
    return detail::connect_with<std::decay_t<F>>(
        loop, std::forward<F>(factory),
        detail::connect_request(detail::take_socket(socket), options));
}

/// loop.connect_accepted_socket() over one: the server's end.
template <class F, AsioSocket S>
auto connect_accepted_socket(AbstractEventLoop& loop, F&& factory, S&& socket,
                             ConnectAcceptedSocketOptions options = {}) {
    static_assert(detail::ProtocolSource<F>,
                  "connect_accepted_socket() takes a function that returns a std::shared_ptr to a "
                  "protocol, or such a pointer");
    detail::check_callable<F>();
    return detail::connect_with<std::decay_t<F>>(
        loop, std::forward<F>(factory),
        detail::connect_request(detail::take_socket(socket), options));
}

/// open_connection() over one: a reader and a writer. What Asio has read into a buffer of its user
/// before that is not in the reader.
template <AsioSocket S>
Coroutine<StreamPair> open_connection(S&& socket, OpenConnectionOptions options = {}) {
    return detail::open_stream(
        options.limit, detail::connect_request(detail::take_socket(socket), options.connection()));
}

} // namespace asyncio
