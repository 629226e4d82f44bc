// Layer 4. What names a network address before it is resolved, and what resolving it gives.
//
// Python counterpart: the host and port arguments and socket.getaddrinfo().
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/socket_address.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asyncio {

/// A host: None, a name, a literal address, or (for servers) a vector of them. A view: the text is
/// copied by the function that is called with it.
class HostArg {
public:
    constexpr HostArg(std::nullptr_t = nullptr) noexcept {}
    constexpr HostArg(std::nullopt_t) noexcept {}
    constexpr HostArg(const char* host) noexcept : none_(!host) {
        if (host) host_ = host;
    }
    constexpr HostArg(std::string_view host) noexcept : host_(host), none_(false) {}
    HostArg(const std::string& host) noexcept : host_(host), none_(false) {}
    template <std::convertible_to<std::string_view> S>
    constexpr HostArg(const std::optional<S>& host) noexcept {
        if (host) *this = HostArg(std::string_view(*host));
    }
    HostArg(const std::vector<std::string>& hosts) noexcept : hosts_(&hosts), none_(false) {}

    constexpr bool none() const noexcept { return none_; }
    /// Each host; None is a missing one.
    ASYNCIO_EXPORT std::vector<std::optional<std::string>> list() const;

private:
    std::string_view host_;
    const std::vector<std::string>* hosts_ = nullptr;
    bool none_ = true;
};

/// A port: None, a number, or the name of a service.
class PortArg {
public:
    constexpr PortArg(std::nullptr_t = nullptr) noexcept {}
    constexpr PortArg(std::nullopt_t) noexcept {}
    template <std::integral I>
    constexpr PortArg(I port) noexcept : number_(static_cast<std::int64_t>(port)) {}
    constexpr PortArg(const char* service) noexcept : service_(service) {}
    constexpr PortArg(std::string_view service) noexcept : service_(service) {}
    PortArg(const std::string& service) noexcept : service_(service) {}

    constexpr bool none() const noexcept { return !number_ && !service_; }
    /// As getaddrinfo() takes it.
    ASYNCIO_EXPORT std::optional<std::string> text() const;

private:
    std::optional<std::int64_t> number_;
    std::optional<std::string_view> service_;
};

/// A host and a port together, for local_addr.
class AddressArg {
public:
    constexpr AddressArg(HostArg host, PortArg port) noexcept : host_(host), port_(port) {}
    constexpr HostArg host() const noexcept { return host_; }
    constexpr PortArg port() const noexcept { return port_; }

private:
    HostArg host_;
    PortArg port_;
};

/// What to look for; the numbers are the system's (AF_INET, SOCK_STREAM, AI_PASSIVE...).
struct GetAddrInfoOptions {
    int family = 0; ///< 0: any
    int type = 0;
    int proto = 0;
    int flags = 0;
};

/// A question to the resolver, with its text.
class ASYNCIO_EXPORT AddressQuery {
public:
    AddressQuery(std::optional<std::string> host_name, std::optional<std::string> service_name,
                 GetAddrInfoOptions options)
        : host(std::move(host_name)), service(std::move(service_name)), family(options.family),
          type(options.type), proto(options.proto), flags(options.flags) {}

    std::optional<std::string> host;
    std::optional<std::string> service;
    int family;
    int type;
    int proto;
    int flags;
};

/// One answer.
struct AddressInfo {
    int family = 0;
    int type = 0;
    int proto = 0;
    std::string canonname = {};
    SocketAddress address = {};
    friend bool operator==(const AddressInfo&, const AddressInfo&) = default;
};

} // namespace asyncio
