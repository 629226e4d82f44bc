// Layer 4. What connecting and listening share: resolving, and the texts of their errors.
#pragma once
#include <asyncio/coroutines.hpp>
#include <asyncio/detail/stream_socket.hpp>
#include <asyncio/events.hpp>
#include <asyncio/transports.hpp>

#include "resolver.hpp"
#include "tls_request.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace asyncio::detail {

/// A literal address without a lookup, other hosts by the loop's resolver. `call` is "connect" or
/// "bind". Throws OSError when there is no answer.
Coroutine<std::vector<AddressInfo>> resolved(AbstractEventLoop& loop, AddressQuery query,
                                             const char* call);

/// What open_transport() does when TLS is wanted.
Coroutine<std::shared_ptr<Transport>> open_tls_transport(AbstractEventLoop& loop,
                                                         Ref<StreamSocket> socket,
                                                         std::shared_ptr<BaseProtocol> protocol,
                                                         std::shared_ptr<const TlsRequest> request);

/// What start_tls() does with its arguments.
Coroutine<std::shared_ptr<Transport>> upgrade_to_tls(AbstractEventLoop& loop,
                                                     std::shared_ptr<Transport> below,
                                                     std::shared_ptr<BaseProtocol> protocol,
                                                     std::shared_ptr<const TlsRequest> request,
                                                     bool server_side);

/// OSError "error while attempting to bind on address ...".
std::exception_ptr bind_error(int error, const SocketAddress& address);

/// Checks a socket that the user gives us and makes it non-blocking and close-on-exec. Throws
/// ValueError unless it is a stream socket.
void adopt_stream_socket(int fd);

} // namespace asyncio::detail
