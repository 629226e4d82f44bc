// Layer 4. loop.getaddrinfo(): a lookup as an awaitable.
#include <asyncio/endpoints.hpp>
#include <asyncio/log.hpp>

#include "io_waits.hpp"
#include "resolver.hpp"

#include <cstdio>

namespace asyncio {
namespace detail {

// Shared by the awaiting coroutine and the resolver thread, whoever lives longer.
struct Lookup::State final : ReadyNode, std::enable_shared_from_this<State> {
    explicit State(AddressQuery asked) : query(std::move(asked)) {}

    // On the resolver thread.
    void work() {
        try {
            answers = look_up(query);
        } catch (...) {
            error = std::current_exception();
        }
        self = shared_from_this();
        if (!core->push_threadsafe(*this)) discard();
    }
    // On the loop.
    void run() override {
        const auto keep = std::move(self);
        if (waiter) waiter->wake();
    }
    void discard() noexcept override { const auto keep = std::move(self); }
    std::string describe() const override { return "<Handle getaddrinfo>"; }

    const AddressQuery query;
    Ref<LoopCore> core;
    Waiter* waiter = nullptr;
    std::vector<AddressInfo> answers;
    std::exception_ptr error;
    std::shared_ptr<State> self; // while it is queued
};

Lookup::Lookup(AddressQuery query) : state_(std::make_shared<State>(std::move(query))) {}

Lookup::~Lookup() {
    if (state_) state_->waiter = nullptr;
}

void Lookup::suspend(PromiseBase& promise) {
    state_->core = promise.task_->core_;
    state_->waiter = &waiter_;
    waiter_.suspend(promise);
    run_on_resolver_thread([state = state_] { state->work(); });
}

std::vector<AddressInfo> Lookup::await_resume() {
    waiter_.check();
    if (state_->error) std::rethrow_exception(std::move(state_->error));
    return std::move(state_->answers);
}

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

Coroutine<std::vector<AddressInfo>> resolve_on_thread(AbstractEventLoop& loop, AddressQuery query) {
    if (!loop.get_debug()) co_return co_await Lookup(std::move(query));
    const std::string what = describe(query);
    logger().debug("Get address info " + what);
    const double start = loop.time();
    std::vector<AddressInfo> answers = co_await Lookup(std::move(query));
    log_duration(loop, what, loop.time() - start, answers);
    co_return answers;
}

} // namespace
} // namespace detail

Coroutine<std::vector<AddressInfo>> AbstractEventLoop::resolve(AddressQuery query) {
    return detail::resolve_on_thread(*this, std::move(query));
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
