// Layer 4. What connecting and listening share: resolving, and the texts of their errors.
#pragma once
#include <asyncio/coroutines.hpp>
#include <asyncio/events.hpp>

#include "resolver.hpp"

#include <optional>
#include <string>
#include <vector>

namespace asyncio::detail {

/// A literal address without a lookup, other hosts by the loop's resolver. `call` is "connect" or
/// "bind". Throws OSError when there is no answer.
Coroutine<std::vector<AddressInfo>> resolved(AbstractEventLoop& loop, AddressQuery query,
                                             const char* call);

/// OSError "error while attempting to bind on address ...".
std::exception_ptr bind_error(int error, const SocketAddress& address);

/// Checks a socket that the user gives us and makes it non-blocking and close-on-exec. Throws
/// ValueError unless it is a stream socket.
void adopt_stream_socket(int fd);

} // namespace asyncio::detail
