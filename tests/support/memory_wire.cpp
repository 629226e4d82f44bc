// How a transport is put on a scripted socket.
#include "memory_wire.hpp"

#include <asyncio/detail/stream_transport.hpp>

namespace asyncio_test {

Wire::Wire(std::shared_ptr<asyncio::BaseProtocol> other) {
    auto& core = asyncio::get_running_loop().core();
    socket = asyncio::detail::make_ref<MemorySocket>(core);
    transport = asyncio::detail::make_stream_transport(core, socket, other ? other : protocol);
}

} // namespace asyncio_test
