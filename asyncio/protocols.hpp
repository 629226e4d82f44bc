// Layer 4. Protocols: what a connection calls. Users derive from Protocol,
// BufferedProtocol or DatagramProtocol.
//
//   connection_made ─> data_received* ─> eof_received? ─> connection_lost
//
// The methods run from the loop's ready queue, one at a time; all of them do nothing unless
// overridden. Python counterpart: asyncio.protocols.
#pragma once
#include <asyncio/config.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <span>
#include <string_view>

namespace asyncio {

class DatagramTransport;
class SocketAddress;
class Transport;

/// What all protocols have. Held by std::shared_ptr; a transport lets go of its protocol after
/// connection_lost(), so a protocol may keep its transport.
class ASYNCIO_EXPORT BaseProtocol {
public:
    BaseProtocol() = default;
    BaseProtocol(const BaseProtocol&) = default;
    BaseProtocol& operator=(const BaseProtocol&) = default;
    virtual ~BaseProtocol();

    /// The connection is closed: null after close(), abort() or EOF, else the error that broke it.
    /// Nothing is called afterwards.
    virtual void connection_lost(std::exception_ptr exc);
    /// The transport's write buffer went over the high-water mark. Called from inside of write().
    virtual void pause_writing();
    /// The write buffer drained to the low-water mark.
    virtual void resume_writing();
};

/// A byte stream. What the transport receives arrives in data_received().
class ASYNCIO_EXPORT Protocol : public BaseProtocol {
public:
    ~Protocol() override;
    virtual void connection_made(std::shared_ptr<Transport> transport);
    /// Some bytes, never none. The view is valid during the call only: copy what is needed later.
    /// An exception breaks the connection.
    virtual void data_received(std::string_view data);
    /// The peer will send no more. True keeps the transport open for writing, false closes it.
    virtual bool eof_received();
};

/// A byte stream that is received into the protocol's own memory, without a copy.
class ASYNCIO_EXPORT BufferedProtocol : public BaseProtocol {
public:
    ~BufferedProtocol() override;
    virtual void connection_made(std::shared_ptr<Transport> transport);
    /// Where to put the next bytes; not empty. `sizehint` is the recommended least size, -1 for
    /// any. The memory stays valid until buffer_updated().
    virtual std::span<std::byte> get_buffer(std::ptrdiff_t sizehint);
    /// The first `nbytes` of the buffer were filled.
    virtual void buffer_updated(std::size_t nbytes);
    /// As Protocol::eof_received().
    virtual bool eof_received();
};

/// Datagrams: each arrives whole, in a call of its own.
class ASYNCIO_EXPORT DatagramProtocol : public BaseProtocol {
public:
    ~DatagramProtocol() override;
    virtual void connection_made(std::shared_ptr<DatagramTransport> transport);
    /// A datagram, maybe an empty one, and where it came from. The view is valid during the call
    /// only. An exception is reported, the transport lives on.
    virtual void datagram_received(std::string_view data, const SocketAddress& addr);
    /// Sending or receiving failed with an OSError, for example ConnectionRefusedError because
    /// nobody listens at the peer; the transport lives on. Also called from inside of sendto().
    virtual void error_received(std::exception_ptr exc);
};

namespace detail {
/// Copies data into as many of the protocol's buffers as it takes. Throws RuntimeError
/// "get_buffer() returned an empty buffer", and what the protocol throws.
ASYNCIO_EXPORT void feed_data_to_buffered_proto(BufferedProtocol& protocol, std::string_view data);
} // namespace detail

} // namespace asyncio
