// Layer 4. From OpenSSL's error queue to the errors of asyncio/detail/ssl_errors.hpp.
#pragma once
#include <asyncio/detail/ssl_errors.hpp>

#include <openssl/err.h>
#include <openssl/types.h>

#include <exception>
#include <string>
#include <string_view>

namespace asyncio::detail {

/// Empties the queue. Before each call, so that old errors are not taken for its own; clearing an
/// empty queue costs as much as encrypting a small message.
inline void forget_errors() noexcept {
    if (ERR_peek_error() != 0) ERR_clear_error();
}

/// The error of a failed call on a connection: `kind` is what SSL_get_error() said. Empties the
/// queue. The host name goes into the text when it is what did not match.
std::exception_ptr tls_connection_error(const SSL* ssl, int kind, std::string_view server_hostname);

/// Throws what the queue says about a failed set-up, and empties it: FileNotFoundError and the like
/// when a file could not be read, SSLError otherwise.
[[noreturn]] void throw_tls_error();

/// What SSLEOFError looks like when the connection ends in the middle.
ssl::SSLEOFError tls_truncation_error();

} // namespace asyncio::detail
