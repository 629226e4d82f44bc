// Layer 4. loop.getaddrinfo() and getnameinfo().
#include <asyncio/endpoints.hpp>
#include <asyncio/log.hpp>

#include "lookup.hpp"
#include "resolver.hpp"

#include <cstdio>

namespace asyncio {
namespace detail {

namespace {

std::string describe(const AddressQuery& query) {
    std::string text = query.host.value_or("None") + ':' + query.service.value_or("None");
    if (query.family) text += ", family=" + std::to_string(query.family);
    if (query.type) text += ", type=" + std::to_string(query.type);
    if (query.proto) text += ", proto=" + std::to_string(query.proto);
    if (query.flags) text += ", flags=" + std::to_string(query.flags);
    return text;
}

void log_duration(AbstractEventLoop& loop, const std::string& what, double seconds,
                  const std::vector<AddressInfo>& answers) {
    char took[48];
    std::snprintf(took, sizeof took, " took %.3fms:", seconds * 1e3);
    std::string text = "Getting address info " + what + took;
    for (const AddressInfo& answer : answers) text += ' ' + answer.address.str();
    const bool slow = seconds >= loop.slow_callback_duration.count();
    logger().log(slow ? Level::Info : Level::Debug, text);
}

using Addresses = std::vector<AddressInfo>;
using Names = std::pair<std::string, std::string>;

// Numbers are translated at once.
Coroutine<Addresses> answered(AddressQuery query) {
    if (is_numeric(query)) co_return look_up(query);
    Lookup<Addresses> lookup([query] { return look_up(query); });
    co_return co_await std::move(lookup);
}

Coroutine<Addresses> resolve_on_thread(AbstractEventLoop& loop, AddressQuery query) {
    if (!loop.get_debug()) co_return co_await answered(std::move(query));
    const std::string what = describe(query);
    logger().debug("Get address info " + what);
    const double start = loop.time();
    Addresses answers = co_await answered(std::move(query));
    log_duration(loop, what, loop.time() - start, answers);
    co_return answers;
}

Coroutine<Names> name_on_thread(SocketAddress address, int flags) {
    if (is_numeric(flags)) co_return look_up_name(address, flags);
    Lookup<Names> lookup([address, flags] { return look_up_name(address, flags); });
    co_return co_await std::move(lookup);
}

} // namespace
} // namespace detail

Coroutine<std::vector<AddressInfo>> AbstractEventLoop::resolve(AddressQuery query) {
    return detail::resolve_on_thread(*this, std::move(query));
}

Coroutine<std::pair<std::string, std::string>> AbstractEventLoop::getnameinfo(SocketAddress address,
                                                                              int flags) {
    return detail::name_on_thread(std::move(address), flags);
}

Coroutine<std::vector<AddressInfo>> AbstractEventLoop::getaddrinfo(HostArg host, PortArg port) {
    return getaddrinfo(host, port, GetAddrInfoOptions());
}

Coroutine<std::vector<AddressInfo>> AbstractEventLoop::getaddrinfo(HostArg host, PortArg port,
                                                                   GetAddrInfoOptions options) {
    return resolve(AddressQuery(host.list().front(), port.text(), options));
}

std::vector<std::optional<std::string>> HostArg::list() const {
    if (none_) return {std::nullopt};
    if (!hosts_) return {std::string(host_)};
    return {hosts_->begin(), hosts_->end()};
}

std::optional<std::string> PortArg::text() const {
    if (number_) return std::to_string(*number_);
    if (service_) return std::string(*service_);
    return {};
}

} // namespace asyncio
