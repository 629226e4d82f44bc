// Layer 4. Operations on a Socket that other parts of the library use too.
#pragma once
#include <asyncio/socket.hpp>

#include <string>

namespace asyncio::detail {

/// In debug mode: throws ValueError "the socket must be non-blocking".
void check_socket(const LoopCore& core, const Socket& sock);
Coroutine<> send_all(LoopCore& core, Socket sock, std::string data);

} // namespace asyncio::detail
