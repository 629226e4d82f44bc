// Layer 4. See tls_request.hpp and start_tls.hpp.
#include "tls_request.hpp"

#include <asyncio/exceptions.hpp>

#include <charconv>

namespace asyncio {

SSLArg::SSLArg(const ssl::SSLContext& context) noexcept
    : context_(&context), use_(static_cast<bool>(context)) {}

SSLTransport::~SSLTransport() = default;

namespace detail {
namespace {

std::optional<double> seconds(const std::optional<Seconds>& value) {
    return value ? std::optional<double>(value->count()) : std::nullopt;
}

} // namespace

BufferingProtocol::~BufferingProtocol() = default;

TlsRequest::TlsRequest(const TlsArguments& arguments)
    : wanted(arguments.ssl.wanted()), is_bool(arguments.ssl.is_bool()),
      context(arguments.ssl.context() ? *arguments.ssl.context() : ssl::SSLContext()),
      server_hostname(arguments.server_hostname),
      handshake_timeout(seconds(arguments.handshake_timeout)),
      shutdown_timeout(seconds(arguments.shutdown_timeout)),
      suppress_ragged_eofs(arguments.suppress_ragged_eofs), named_(server_hostname.has_value()) {}

TlsRequest::TlsRequest(const ssl::SSLContext& given, const StartTlsOptions& options)
    : wanted(true), context(given), server_hostname(options.server_hostname),
      handshake_timeout(seconds(options.ssl_handshake_timeout)),
      shutdown_timeout(seconds(options.ssl_shutdown_timeout)),
      suppress_ragged_eofs(options.suppress_ragged_eofs) {}

std::shared_ptr<TlsRequest> make_tls_request(const TlsArguments& arguments) {
    const bool given = arguments.ssl.wanted() || arguments.ssl.is_bool() ||
                       arguments.server_hostname || arguments.handshake_timeout ||
                       arguments.shutdown_timeout;
    return given ? std::make_shared<TlsRequest>(arguments) : nullptr;
}

void TlsRequest::set_host(const std::optional<std::string>& host) {
    if (wanted && !named_ && host && !host->empty()) server_hostname = host;
}

void TlsRequest::check_timeouts() const {
    if (handshake_timeout && !wanted)
        throw ValueError("ssl_handshake_timeout is only meaningful with ssl");
    if (shutdown_timeout && !wanted)
        throw ValueError("ssl_shutdown_timeout is only meaningful with ssl");
}

void TlsRequest::check_client(bool over_unix) const {
    if (server_side) return check_server();
    if (named_ && !wanted) throw ValueError("server_hostname is only meaningful with ssl");
    if (wanted && !server_hostname)
        throw ValueError(over_unix ? "you have to pass server_hostname when using ssl"
                                   : "You must set server_hostname when using ssl without a host");
    check_timeouts();
}

void TlsRequest::check_server() const {
    if (is_bool) throw TypeError("ssl argument must be an SSLContext or None");
    check_timeouts();
}

std::string python_float(double value) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    std::string digits(text, end);
    if (digits.find_first_not_of("-0123456789") == std::string::npos) digits += ".0";
    return digits;
}

} // namespace detail
} // namespace asyncio
