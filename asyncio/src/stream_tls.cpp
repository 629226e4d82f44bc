// Layer 5. StreamWriter::start_tls(). See stream_writer.hpp.
#include <asyncio/exceptions.hpp>
#include <asyncio/start_tls.hpp>
#include <asyncio/stream_writer.hpp>
#include <asyncio/streams.hpp>

#include "endpoints.hpp"
#include "tls_request.hpp"

namespace asyncio {
namespace detail {
namespace {

Coroutine<> upgrade(StreamWriter writer, Ref<StreamWriterImpl> impl,
                    std::shared_ptr<const TlsRequest> request, std::optional<bool> server_side) {
    const auto protocol = impl->control_->protocol_.lock();
    if (!protocol) throw ConnectionResetError("Connection lost");
    co_await writer.drain();
    auto transport =
        co_await upgrade_to_tls(impl->core_->loop(), impl->transport_, protocol, std::move(request),
                                server_side.value_or(protocol->is_server()));
    impl->transport_ = std::move(transport);
}

} // namespace
} // namespace detail

Coroutine<> StreamWriter::start_tls(const ssl::SSLContext& context, StartTlsOptions options) const {
    return detail::upgrade(*this, ref(), std::make_shared<detail::TlsRequest>(context, options),
                           options.server_side);
}

Coroutine<> StreamWriter::start_tls(const ssl::SSLContext& context) const {
    return start_tls(context, StartTlsOptions());
}

} // namespace asyncio
