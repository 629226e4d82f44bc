// Layer 4. The end of a connect: whoever made a transport waits until its protocol knows it.
#pragma once
#include <asyncio/detail/awaiters.hpp>

#include <exception>
#include <memory>
#include <utility>

namespace asyncio::detail {

/// Waits until connection_made() has run, over TLS until the handshake has ended, and throws the
/// error of that. Cancelled, it closes the transport.
template <class Transport>
class TransportReady : public Leaf<TransportReady<Transport>, void> {
public:
    explicit TransportReady(std::shared_ptr<Transport> transport) noexcept
        : transport_(std::move(transport)) {}
    TransportReady(TransportReady&&) noexcept = default;
    ~TransportReady() {
        if (waiter_.suspended()) transport_->wake_when_ready(nullptr);
    }
    bool await_ready() const noexcept { return transport_->ready(); }
    void suspend(PromiseBase& promise) {
        transport_->wake_when_ready(&waiter_);
        waiter_.suspend(promise);
    }
    void await_resume() {
        transport_->wake_when_ready(nullptr);
        if (waiter_.interrupted()) transport_->close();
        waiter_.check();
        if constexpr (requires { transport_->handshake_error(); })
            if (const std::exception_ptr error = transport_->handshake_error())
                std::rethrow_exception(error);
    }

private:
    std::shared_ptr<Transport> transport_;
    Waiter waiter_;
};

} // namespace asyncio::detail
