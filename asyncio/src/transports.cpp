// Layer 4. The defaults of the transport classes: whatever is not overridden is not supported.
#include <asyncio/detail/names.hpp>
#include <asyncio/exceptions.hpp>
#include <asyncio/transports.hpp>

namespace asyncio {

BaseTransport::~BaseTransport() = default;
std::any BaseTransport::get_extra_info(std::string_view) const { return {}; }
bool BaseTransport::is_closing() const { throw NotImplementedError(); }
void BaseTransport::close() { throw NotImplementedError(); }
void BaseTransport::set_protocol(std::shared_ptr<BaseProtocol>) { throw NotImplementedError(); }
std::shared_ptr<BaseProtocol> BaseTransport::get_protocol() const { throw NotImplementedError(); }
std::string BaseTransport::repr() const { return detail::object_name(this); }

ReadTransport::~ReadTransport() = default;
bool ReadTransport::is_reading() const { throw NotImplementedError(); }
void ReadTransport::pause_reading() { throw NotImplementedError(); }
void ReadTransport::resume_reading() { throw NotImplementedError(); }

WriteTransport::~WriteTransport() = default;
void WriteTransport::set_write_buffer_limits(WriteBufferLimits) { throw NotImplementedError(); }
std::pair<std::size_t, std::size_t> WriteTransport::get_write_buffer_limits() const {
    throw NotImplementedError();
}
std::size_t WriteTransport::get_write_buffer_size() const { throw NotImplementedError(); }
void WriteTransport::write(std::string_view) { throw NotImplementedError(); }
void WriteTransport::write_owned(std::string data) { write(std::string_view(data)); }
void WriteTransport::write_pieces(std::span<const std::string_view> pieces) {
    std::string all;
    for (const std::string_view piece : pieces) all += piece;
    write(std::string_view(all));
}
void WriteTransport::write_eof() { throw NotImplementedError(); }
bool WriteTransport::can_write_eof() const { throw NotImplementedError(); }
void WriteTransport::abort() { throw NotImplementedError(); }

Transport::~Transport() = default;

DatagramTransport::~DatagramTransport() = default;
void DatagramTransport::sendto(std::string_view, const SocketAddress&) {
    throw NotImplementedError();
}
void DatagramTransport::set_write_buffer_limits(WriteBufferLimits) { throw NotImplementedError(); }
std::pair<std::size_t, std::size_t> DatagramTransport::get_write_buffer_limits() const {
    throw NotImplementedError();
}
std::size_t DatagramTransport::get_write_buffer_size() const { throw NotImplementedError(); }
void DatagramTransport::abort() { throw NotImplementedError(); }

} // namespace asyncio
