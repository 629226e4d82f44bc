// Layer 4. What resolver threads ask the system. See resolver.hpp.
#include "resolver.hpp"

#include <asyncio/exceptions.hpp>

#include <cerrno>
#include <charconv>
#include <memory>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace asyncio::detail {
namespace {

const char* c_str(const std::optional<std::string>& text) { return text ? text->c_str() : nullptr; }

void check_text(const std::optional<std::string>& text) {
    if (text && text->find('\0') != text->npos) throw ValueError("embedded null character");
}

std::optional<long long> number(const std::optional<std::string>& service) {
    if (!service || service->empty()) return 0;
    long long value = 0;
    const char* const end = service->data() + service->size();
    const auto [stop, error] = std::from_chars(service->data(), end, value);
    if (stop != end || error == std::errc::invalid_argument) return {};
    return error == std::errc() ? value : 1'000'000;
}

} // namespace

std::vector<AddressInfo> look_up(const AddressQuery& query) {
    check_text(query.host);
    check_text(query.service);
    addrinfo hints{};
    hints.ai_family = query.family;
    hints.ai_socktype = query.type;
    hints.ai_protocol = query.proto;
    hints.ai_flags = query.flags;
    addrinfo* found = nullptr;
    const int error = ::getaddrinfo(c_str(query.host), c_str(query.service), &hints, &found);
    if (error == EAI_SYSTEM) raise_from_errno(errno);
    if (error) throw gaierror(error, gai_strerror(error));
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned(found, ::freeaddrinfo);
    std::vector<AddressInfo> answers;
    for (const addrinfo* at = found; at; at = at->ai_next)
        answers.push_back({at->ai_family, at->ai_socktype, at->ai_protocol,
                           at->ai_canonname ? at->ai_canonname : "",
                           SocketAddress::from(at->ai_addr, at->ai_addrlen)});
    return answers;
}

bool is_numeric(const AddressQuery& query) noexcept {
    in6_addr bytes;
    const auto is = [&](int family) { return inet_pton(family, query.host->c_str(), &bytes) == 1; };
    return number(query.service) && (!query.host || is(AF_INET) || is(AF_INET6));
}

bool is_numeric(int name_flags) noexcept {
    return (name_flags & NI_NUMERICHOST) != 0 && (name_flags & NI_NUMERICSERV) != 0;
}

std::pair<std::string, std::string> look_up_name(const SocketAddress& address, int flags) {
    if (address.family() != AF_INET && address.family() != AF_INET6)
        throw TypeError("getnameinfo(): an IPv4 or IPv6 address is expected, got " + address.str());
    sockaddr_storage storage;
    const auto size = static_cast<socklen_t>(address.to(&storage));
    char host[NI_MAXHOST];
    char service[NI_MAXSERV];
    const int error = ::getnameinfo(reinterpret_cast<sockaddr*>(&storage), size, host, sizeof host,
                                    service, sizeof service, flags);
    if (error == EAI_SYSTEM) raise_from_errno(errno);
    if (error) throw gaierror(error, gai_strerror(error));
    return {host, service};
}

std::vector<AddressInfo> literal_address(const AddressQuery& query, const char* call) {
    const auto port = number(query.service);
    const auto check_port = [&](bool good) {
        if (!good) throw OverflowError(std::string(call) + "(): port must be 0-65535.");
    };
    if (port) check_port(*port <= 65535); // the system would cut it off
    const bool usual = query.proto == 0 || query.proto == IPPROTO_TCP || query.proto == IPPROTO_UDP;
    if (!query.host || !port || !usual) return {};
    const std::string& host = *query.host;
    if (host.find('%') != host.npos || host.find('\0') != host.npos) return {};
    for (const int family : {AF_INET, AF_INET6}) {
        in6_addr bytes;
        if (query.family != AF_UNSPEC && query.family != family) continue;
        if (inet_pton(family, host.c_str(), &bytes) != 1) continue;
        check_port(*port >= 0);
        const int proto = query.type == SOCK_DGRAM ? IPPROTO_UDP : IPPROTO_TCP;
        return {AddressInfo{family, query.type, proto, "",
                            SocketAddress(host, static_cast<int>(*port))}};
    }
    return {};
}

} // namespace asyncio::detail
