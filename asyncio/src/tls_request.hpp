// Layer 4. What a caller wants of TLS, with its text: the public options are views.
#pragma once
#include <asyncio/ssl.hpp>
#include <asyncio/start_tls.hpp>

#include <optional>
#include <string>

namespace asyncio::detail {

struct ASYNCIO_EXPORT TlsRequest {
    explicit TlsRequest(const TlsArguments& arguments);
    TlsRequest(const ssl::SSLContext& context, const StartTlsOptions& options);

    /// Whose name a client expects, unless it says so itself.
    void set_host(const std::optional<std::string>& host);
    /// Throw ValueError for arguments without sense, TypeError for a server without a context.
    void check_client(bool over_unix = false) const;
    void check_server() const;

    bool wanted = false;
    bool is_bool = false;
    bool server_side = false; // of a connection that was accepted elsewhere
    ssl::SSLContext context; // None: a client's default one
    std::optional<std::string> server_hostname;
    std::optional<double> handshake_timeout; // seconds
    std::optional<double> shutdown_timeout;
    bool suppress_ragged_eofs;

private:
    void check_timeouts() const;
    bool named_ = false; // by the caller
};

/// As Python shows a float: "60.0".
std::string python_float(double value);

} // namespace asyncio::detail
