// Non-blocking sockets for tests of the loop's sock_* methods.
#pragma once
#include <asyncio/asyncio.hpp>

#include <cstddef>
#include <utility>

namespace asyncio_test {

std::pair<asyncio::Socket, asyncio::Socket> pair_of(int type = 0);
/// Bound to a free port.
asyncio::Socket udp();
/// Listens on a free port.
asyncio::Socket listening();
/// A TCP socket that is not connected.
asyncio::Socket client();

/// Fills the buffers of the connection; returns how many bytes went in.
std::size_t clog(const asyncio::Socket& sock);

} // namespace asyncio_test
