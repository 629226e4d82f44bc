// Layer 4. See resolver.hpp.
#include "resolver.hpp"

#include <asyncio/exceptions.hpp>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace asyncio::detail {
namespace {

constexpr unsigned max_threads = 16;
constexpr auto keep_idle = std::chrono::seconds(5);

class ResolverThreads {
public:
    void submit(std::function<void()> work) {
        const std::lock_guard lock(mutex_);
        work_.push_back(std::move(work));
        if (idle_ >= work_.size()) return there_is_work_.notify_one();
        if (threads_ == max_threads) return;
        std::thread([this] { serve(); }).detach();
        ++threads_;
    }

private:
    void serve() {
        std::unique_lock lock(mutex_);
        for (;;) {
            ++idle_;
            const bool woken =
                there_is_work_.wait_for(lock, keep_idle, [this] { return !work_.empty(); });
            --idle_;
            if (!woken) break;
            const std::function<void()> work = std::move(work_.front());
            work_.pop_front();
            lock.unlock();
            work();
            lock.lock();
        }
        --threads_;
    }

    std::mutex mutex_;
    std::condition_variable there_is_work_;
    std::deque<std::function<void()>> work_;
    std::size_t idle_ = 0;
    unsigned threads_ = 0;
};

} // namespace

void run_on_resolver_thread(std::function<void()> work) {
    // Never destroyed: a thread may be looking up when the process ends.
    static auto* const threads = new ResolverThreads;
    threads->submit(std::move(work));
}

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
