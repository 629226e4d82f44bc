// Layer 4. The defaults of the protocol classes.
#include <asyncio/exceptions.hpp>
#include <asyncio/protocols.hpp>

#include <algorithm>
#include <cstring>

namespace asyncio {

BaseProtocol::~BaseProtocol() = default;
void BaseProtocol::connection_lost(std::exception_ptr) {}
void BaseProtocol::pause_writing() {}
void BaseProtocol::resume_writing() {}

Protocol::~Protocol() = default;
void Protocol::connection_made(std::shared_ptr<Transport>) {}
void Protocol::data_received(std::string_view) {}
bool Protocol::eof_received() { return false; }

BufferedProtocol::~BufferedProtocol() = default;
void BufferedProtocol::connection_made(std::shared_ptr<Transport>) {}
std::span<std::byte> BufferedProtocol::get_buffer(std::ptrdiff_t) { return {}; }
void BufferedProtocol::buffer_updated(std::size_t) {}
bool BufferedProtocol::eof_received() { return false; }

DatagramProtocol::~DatagramProtocol() = default;
void DatagramProtocol::connection_made(std::shared_ptr<DatagramTransport>) {}
void DatagramProtocol::datagram_received(std::string_view, const SocketAddress&) {}
void DatagramProtocol::error_received(std::exception_ptr) {}

void detail::feed_data_to_buffered_proto(BufferedProtocol& protocol, std::string_view data) {
    while (!data.empty()) {
        const auto buffer = protocol.get_buffer(static_cast<std::ptrdiff_t>(data.size()));
        if (buffer.empty()) throw RuntimeError("get_buffer() returned an empty buffer");
        const std::size_t size = std::min(buffer.size(), data.size());
        std::memcpy(buffer.data(), data.data(), size);
        protocol.buffer_updated(size);
        data.remove_prefix(size);
    }
}

} // namespace asyncio
