// Layer 4. Makes a transport over the seam: what create_server and create_connection do with a
// socket, and what tests do with a script in memory.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/stream_socket.hpp>
#include <asyncio/transports.hpp>

#include <memory>

namespace asyncio::detail {

/// The protocol's connection_made() runs in the next iteration, in a copy of the current context;
/// reading starts after it. Throws TypeError unless it is a Protocol or a BufferedProtocol.
ASYNCIO_EXPORT std::shared_ptr<Transport>
make_stream_transport(LoopCore& core, Ref<StreamSocket> socket,
                      std::shared_ptr<BaseProtocol> protocol);

} // namespace asyncio::detail
