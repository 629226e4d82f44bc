// Layer 4. Transports: the user's side of a connection. They send what is written, call the
// protocol with what arrives, and hold back the writer by means of water marks.
//
// The classes are abstract: what a kind of transport does not support throws NotImplementedError.
// Transports are held by std::shared_ptr; the loop keeps open ones alive, so dropping the pointer
// closes nothing. Methods belong to the loop's thread. Using a transport after its connection was
// lost, or after its loop was closed, is safe and does nothing.
// Python counterpart: asyncio.transports.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/protocols.hpp>
#include <asyncio/socket_address.hpp>

#include <any>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asyncio {

class ASYNCIO_EXPORT BaseTransport {
public:
    BaseTransport() = default;
    BaseTransport(const BaseTransport&) = delete;
    BaseTransport& operator=(const BaseTransport&) = delete;
    virtual ~BaseTransport();

    /// What is known under a name, empty when nothing is: "peername" and "sockname" give a
    /// SocketAddress, "socket" a TransportSocket.
    virtual std::any get_extra_info(std::string_view name) const;
    /// The same as a T, or `otherwise`.
    template <class T>
    T get_extra_info(std::string_view name, T otherwise = T()) const {
        const std::any info = get_extra_info(name);
        const T* found = std::any_cast<T>(&info);
        return found ? *found : std::move(otherwise);
    }
    /// True from close() or abort() on, and when the connection is lost.
    virtual bool is_closing() const;
    /// Sends what is buffered, then closes; the protocol's connection_lost(null) comes later,
    /// never from inside. Idempotent.
    virtual void close();
    /// From the next event on it is called instead of the old one, without connection_made().
    virtual void set_protocol(std::shared_ptr<BaseProtocol> protocol);
    /// Null once the connection is lost.
    virtual std::shared_ptr<BaseProtocol> get_protocol() const;
    /// As Python's repr().
    virtual std::string repr() const;
};

class ASYNCIO_EXPORT ReadTransport : public virtual BaseTransport {
public:
    ~ReadTransport() override;
    virtual bool is_reading() const;
    /// No data_received() until resume_reading(): the bytes stay in the system's buffer, and the
    /// peer is held back. Both are idempotent and do nothing when the transport is closing.
    virtual void pause_reading();
    virtual void resume_reading();
};

/// Water marks in bytes. With one given the other follows: low = high / 4, high = 4 * low.
struct WriteBufferLimits {
    std::optional<std::int64_t> high = {}; ///< pause_writing() above it; 64 KiB by default
    std::optional<std::int64_t> low = {};  ///< resume_writing() at or below it
};

class ASYNCIO_EXPORT WriteTransport : public virtual BaseTransport {
public:
    ~WriteTransport() override;
    /// Sets the marks; may call pause_writing(), never resume_writing(). Throws ValueError unless
    /// high >= low >= 0.
    virtual void set_write_buffer_limits(WriteBufferLimits limits = {});
    /// The marks: low, high.
    virtual std::pair<std::size_t, std::size_t> get_write_buffer_limits() const;
    virtual std::size_t get_write_buffer_size() const;

    /// Sends what the system takes at once and buffers a copy of the rest; never blocks. Throws
    /// RuntimeError after write_eof(). A lost connection swallows the data.
    virtual void write(std::string_view data);
    void write(std::span<const std::byte> data) {
        write(std::string_view(reinterpret_cast<const char*>(data.data()), data.size()));
    }
    /// Keeps the string instead of a copy of what is not sent at once.
    template <std::same_as<std::string> S>
    void write(S&& data) {
        write_owned(std::move(data));
    }
    /// Several pieces as one, in order. The default joins them and calls write().
    virtual void write_pieces(std::span<const std::string_view> pieces);
    /// Takes any range of strings.
    template <std::ranges::input_range R>
        requires std::convertible_to<std::ranges::range_reference_t<const R>, std::string_view>
    void writelines(const R& pieces) {
        write_pieces(
            std::vector<std::string_view>(std::ranges::begin(pieces), std::ranges::end(pieces)));
    }
    void writelines(std::initializer_list<std::string_view> pieces) {
        write_pieces(std::span(pieces.begin(), pieces.size()));
    }
    /// Closes the write side after the buffer is sent; the peer reads EOF. Idempotent.
    virtual void write_eof();
    virtual bool can_write_eof() const;
    /// Closes at once: the buffer is lost. connection_lost(null) comes soon.
    virtual void abort();

protected:
    virtual void write_owned(std::string data);
};

/// A connection: both directions.
class ASYNCIO_EXPORT Transport : public ReadTransport, public WriteTransport {
public:
    ~Transport() override;
};

/// Datagrams, connected to one peer or not. Each waits in the buffer with 8 bytes more than it has.
class ASYNCIO_EXPORT DatagramTransport : public ReadTransport {
public:
    ~DatagramTransport() override;
    /// Sends a datagram, also an empty one, or buffers a copy of it. Errors go to the protocol's
    /// error_received(). `addr` is needed unless the endpoint has a remote address; there another
    /// one throws ValueError. Names are not resolved.
    virtual void sendto(std::string_view data, const SocketAddress& addr = {});
    void sendto(std::span<const std::byte> data, const SocketAddress& addr = {}) {
        sendto(std::string_view(reinterpret_cast<const char*>(data.data()), data.size()), addr);
    }
    /// As WriteTransport's.
    virtual void set_write_buffer_limits(WriteBufferLimits limits = {});
    virtual std::pair<std::size_t, std::size_t> get_write_buffer_limits() const;
    virtual std::size_t get_write_buffer_size() const;
    /// Closes at once: the buffer is lost. connection_lost(null) comes soon.
    virtual void abort();
};

} // namespace asyncio
