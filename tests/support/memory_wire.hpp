// A stream transport over a scripted socket, and everything that belongs to it.
#pragma once
#include <asyncio/asyncio.hpp>

#include "memory_socket.hpp"
#include "recorder.hpp"

#include <memory>

namespace asyncio_test {

struct Wire {
    /// Calls `other`, or the recorder.
    explicit Wire(std::shared_ptr<asyncio::BaseProtocol> other = nullptr);

    std::shared_ptr<Recorder> protocol = std::make_shared<Recorder>();
    std::shared_ptr<Trace> entries = protocol->owned; // outlives the protocol
    Trace& log = *entries;
    asyncio::detail::Ref<MemorySocket> socket;
    std::shared_ptr<asyncio::Transport> transport;
};

} // namespace asyncio_test
