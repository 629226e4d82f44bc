// Layer 4. Addresses between their text, their Python repr and the system's structures.
#include <asyncio/exceptions.hpp>
#include <asyncio/socket_address.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <tuple>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace asyncio {

SocketAddress::SocketAddress(std::string_view host, int port, std::uint32_t flowinfo,
                             std::uint32_t scope_id)
    : port_(static_cast<std::uint16_t>(port)), flowinfo_(flowinfo), scope_id_(scope_id) {
    if (port < 0 || port > 65535) throw OverflowError("port must be 0-65535.");
    const std::string text(host);
    if (text.size() != std::strlen(text.c_str())) throw ValueError("embedded null character");
    if (inet_pton(AF_INET, text.c_str(), bytes_.data()) == 1) {
        family_ = AF_INET;
        flowinfo_ = scope_id_ = 0;
    } else if (inet_pton(AF_INET6, text.c_str(), bytes_.data()) == 1) {
        family_ = AF_INET6;
    } else {
        throw ValueError(detail::repr_string(host) +
                         " does not appear to be an IPv4 or IPv6 address");
    }
}

SocketAddress SocketAddress::unix_path(std::string_view path) {
    SocketAddress address;
    address.family_ = AF_UNIX;
    address.path_ = std::make_shared<const std::string>(path);
    return address;
}

std::string SocketAddress::host() const {
    if (path_) return *path_;
    if (family_ == 0) return {};
    char text[INET6_ADDRSTRLEN];
    return inet_ntop(family_, bytes_.data(), text, sizeof text) ? text : "";
}

std::string SocketAddress::str() const {
    if (family_ == 0) return "None";
    if (path_) return (path_->starts_with('\0') ? "b" : "") + detail::repr_string(*path_);
    std::string text = "('" + host() + "', " + std::to_string(port_);
    if (family_ == AF_INET6)
        text += ", " + std::to_string(flowinfo_) + ", " + std::to_string(scope_id_);
    return text + ')';
}

std::strong_ordering operator<=>(const SocketAddress& a, const SocketAddress& b) noexcept {
    const auto key = [](const SocketAddress& address) {
        return std::tie(address.family_, address.bytes_, address.port_, address.flowinfo_,
                        address.scope_id_);
    };
    if (const auto order = key(a) <=> key(b); order != 0 || !a.path_ || !b.path_) return order;
    return *a.path_ <=> *b.path_;
}

SocketAddress SocketAddress::from(const void* sockaddr, std::size_t size) {
    SocketAddress address;
    ::sockaddr_storage storage{};
    std::memcpy(&storage, sockaddr, std::min(size, sizeof storage));
    if (storage.ss_family == AF_INET && size >= sizeof(sockaddr_in)) {
        const auto& in = reinterpret_cast<const sockaddr_in&>(storage);
        address.family_ = AF_INET;
        address.port_ = ntohs(in.sin_port);
        std::memcpy(address.bytes_.data(), &in.sin_addr, sizeof in.sin_addr);
    } else if (storage.ss_family == AF_INET6 && size >= sizeof(sockaddr_in6)) {
        const auto& in = reinterpret_cast<const sockaddr_in6&>(storage);
        address.family_ = AF_INET6;
        address.port_ = ntohs(in.sin6_port);
        address.flowinfo_ = ntohl(in.sin6_flowinfo);
        address.scope_id_ = in.sin6_scope_id;
        std::memcpy(address.bytes_.data(), &in.sin6_addr, sizeof in.sin6_addr);
    } else if (storage.ss_family == AF_UNIX) {
        constexpr std::size_t before = offsetof(sockaddr_un, sun_path);
        const char* path = reinterpret_cast<const char*>(&storage) + before;
        std::string_view text(path, size > before ? size - before : 0);
        if (!text.starts_with('\0')) text = text.substr(0, text.find('\0'));
        return unix_path(text);
    }
    return address;
}

std::size_t SocketAddress::to(void* sockaddr_storage) const noexcept {
    if (family_ == AF_INET) {
        sockaddr_in in{};
        in.sin_family = AF_INET;
        in.sin_port = htons(port_);
        std::memcpy(&in.sin_addr, bytes_.data(), sizeof in.sin_addr);
        std::memcpy(sockaddr_storage, &in, sizeof in);
        return sizeof in;
    }
    if (family_ == AF_INET6) {
        sockaddr_in6 in{};
        in.sin6_family = AF_INET6;
        in.sin6_port = htons(port_);
        in.sin6_flowinfo = htonl(flowinfo_);
        in.sin6_scope_id = scope_id_;
        std::memcpy(&in.sin6_addr, bytes_.data(), sizeof in.sin6_addr);
        std::memcpy(sockaddr_storage, &in, sizeof in);
        return sizeof in;
    }
    if (!path_) return 0;
    sockaddr_un un{};
    un.sun_family = AF_UNIX;
    // A path is closed by a NUL, an abstract name, and none at all, by the size.
    const std::size_t end = path_->empty() || path_->starts_with('\0') ? 0 : 1;
    const std::size_t size = std::min(path_->size(), sizeof un.sun_path - end);
    std::memcpy(un.sun_path, path_->data(), size);
    std::memcpy(sockaddr_storage, &un, sizeof un);
    return offsetof(sockaddr_un, sun_path) + size + end;
}

} // namespace asyncio
