// Layer 5. The protocol between transports and streams; opening and serving. See streams.hpp.
#include <asyncio/exception_context.hpp>
#include <asyncio/exceptions.hpp>
#include <asyncio/log.hpp>
#include <asyncio/streams.hpp>

namespace asyncio {
namespace detail {

ClientCallback::~ClientCallback() = default;

namespace {

Ref<LoopCore> core_of(AbstractEventLoop* loop) {
    return Ref<LoopCore>(&(loop ? *loop : get_event_loop()).core());
}

// The task of a client callback is done.
void client_done(FutureBase& task, const std::shared_ptr<Transport>& transport) {
    if (task.cancelled()) return transport->close();
    const std::exception_ptr error = task.exception();
    if (!error) return;
    task.core_->loop().call_exception_handler({
        .message = "Unhandled exception in client_connected_cb",
        .exception = error,
        .transport = transport,
    });
    transport->close();
}

} // namespace
} // namespace detail

StreamReaderProtocol::StreamReaderProtocol(StreamReader reader, AbstractEventLoop* loop)
    : core_(detail::core_of(loop)),
      reader_(reader ? reader.ref() : detail::Ref<detail::StreamReaderImpl>()),
      control_(std::make_shared<detail::StreamControl>()) {}

StreamReaderProtocol::StreamReaderProtocol(StreamReader reader,
                                           std::shared_ptr<detail::ClientCallback> callback,
                                           AbstractEventLoop& loop)
    : StreamReaderProtocol(std::move(reader), &loop) {
    callback_ = std::move(callback);
}

StreamReaderProtocol::~StreamReaderProtocol() = default;

void StreamReaderProtocol::connection_made(std::shared_ptr<Transport> transport) {
    if (reader_) reader_->set_transport(transport);
    control_->protocol_ = weak_from_this();
    over_ssl_ = transport->get_extra_info("sslcontext").has_value();
    if (callback_) call_client(transport);
}

void StreamReaderProtocol::call_client(const std::shared_ptr<Transport>& transport) {
    AbstractEventLoop& loop = core_->loop();
    StreamReader reader = reader_ ? StreamReader(reader_) : StreamReader();
    StreamWriter writer(
        detail::make_ref<detail::StreamWriterImpl>(*core_, transport, control_, reader_));
    const TaskRef task = callback_->call(loop, std::move(reader), std::move(writer));
    if (!task) return;
    detail::add_done_node(task.core(), [transport, keep = callback_](detail::FutureBase& done) {
        detail::client_done(done, transport);
    });
}

void StreamReaderProtocol::connection_lost(std::exception_ptr exc) {
    if (const auto reader = std::move(reader_)) {
        if (exc)
            reader->set_exception(exc);
        else
            reader->feed_eof();
    }
    control_->connection_lost(std::move(exc));
}

bool StreamReaderProtocol::eof_received() {
    if (reader_) reader_->feed_eof();
    return !over_ssl_; // TLS has no half-closed connections
}

std::string StreamReaderProtocol::upgrade(std::shared_ptr<Transport> transport) {
    over_ssl_ = true;
    return reader_ ? reader_->replace_transport(std::move(transport)) : std::string();
}

void StreamReaderProtocol::pause_writing() {
    control_->pause_writing();
    if (core_->debug_) logger().debug("the protocol pauses writing");
}

void StreamReaderProtocol::resume_writing() {
    if (core_->debug_) logger().debug("the protocol resumes writing");
    control_->resume_writing();
}

namespace detail {

Coroutine<StreamPair> open_stream(std::int64_t limit, ConnectRequest request) {
    AbstractEventLoop& loop = get_running_loop();
    StreamReaderOptions options;
    options.limit = limit;
    options.loop = &loop;
    const StreamReader reader(options);
    const auto protocol = std::make_shared<StreamReaderProtocol>(reader, &loop);
    const std::shared_ptr<const TlsRequest> tls = request.tls;
    Ref<StreamSocket> socket = co_await connect(loop, std::move(request));
    std::shared_ptr<Transport> transport =
        co_await open_transport(loop, std::move(socket), protocol, tls);
    StreamWriter writer(std::move(transport), protocol, reader, loop);
    co_return StreamPair(reader, std::move(writer));
}

Coroutine<Server> serve_streams(std::shared_ptr<ClientCallback> callback, std::int64_t limit,
                                ListenRequest request) {
    AbstractEventLoop& loop = get_running_loop();
    if (limit <= 0) throw ValueError("Limit cannot be <= 0");
    ProtocolFactory factory = [callback, limit, &loop]() -> std::shared_ptr<BaseProtocol> {
        StreamReaderOptions options;
        options.limit = limit;
        options.loop = &loop;
        return std::make_shared<StreamReaderProtocol>(StreamReader(options), callback, loop);
    };
    Server server = co_await serve(loop, std::move(factory), std::move(request));
    co_return server;
}

} // namespace detail
} // namespace asyncio
