// Layer 4. connect_read_pipe and connect_write_pipe: transports of pipes, FIFOs and terminals.
//
// A descriptor becomes non-blocking for everybody who shares its open file, a terminal also for the
// shell. Python counterpart: unix_events._UnixReadPipeTransport, _UnixWritePipeTransport.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/coroutines.hpp>
#include <asyncio/detail/callables.hpp>
#include <asyncio/endpoints.hpp>
#include <asyncio/events.hpp>
#include <asyncio/file_arg.hpp>
#include <asyncio/protocols.hpp>
#include <asyncio/transports.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace asyncio {

namespace detail {

enum class PipeEnd : unsigned char { read, write };

/// Returns once connection_made() has run. The transport's extra info "pipe" is the descriptor.
ASYNCIO_EXPORT Coroutine<std::shared_ptr<Transport>>
open_pipe(AbstractEventLoop& loop, PipeEnd end, int fd, std::shared_ptr<BaseProtocol> protocol);

template <class F>
Coroutine<std::pair<std::shared_ptr<Transport>, std::shared_ptr<protocol_t<F>>>>
connect_pipe_with(AbstractEventLoop& loop, F source, PipeEnd end, int fd) {
    std::shared_ptr<protocol_t<F>> protocol = ProtocolOf<F>::make(source);
    std::shared_ptr<Transport> transport = co_await open_pipe(loop, end, fd, protocol);
    co_return std::pair(std::move(transport), std::move(protocol));
}

template <class F>
auto connect_pipe(AbstractEventLoop& loop, F&& factory, PipeEnd end, FileArg pipe) {
    static_assert(ProtocolSource<F>, "connect_read_pipe() and connect_write_pipe() take a function "
                                     "that returns a std::shared_ptr to a protocol, or such a "
                                     "pointer");
    check_callable<F>();
    return connect_pipe_with<std::decay_t<F>>(loop, std::forward<F>(factory), end, pipe.fileno());
}

} // namespace detail

// Declared in events.hpp.

template <class F>
auto AbstractEventLoop::connect_read_pipe(F&& factory, FileArg pipe) {
    return detail::connect_pipe(*this, std::forward<F>(factory), detail::PipeEnd::read, pipe);
}
template <class F>
auto AbstractEventLoop::connect_write_pipe(F&& factory, FileArg pipe) {
    return detail::connect_pipe(*this, std::forward<F>(factory), detail::PipeEnd::write, pipe);
}

} // namespace asyncio
