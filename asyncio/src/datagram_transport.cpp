// Layer 4. See datagram_transport.hpp.
#include "datagram_transport.hpp"

#include <asyncio/exceptions.hpp>
#include <asyncio/log.hpp>

#include "receive_buffer.hpp"

#include <algorithm>
#include <cerrno>

#include <sys/socket.h>

namespace asyncio::detail {
namespace {

constexpr std::size_t header_size = 8; // what a waiting datagram counts beside its bytes
constexpr unsigned char longest_pause = 15;

bool would_block(int error) {
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

} // namespace

DatagramSocket::DatagramSocket(LoopCore& core, Ref<NetSocket> socket, SocketAddress address)
    : LoopTransport(core, std::move(socket)), address_(std::move(address)),
      peername_(peer_address(fd_)), sockname_(local_address(fd_)) {}

void DatagramSocket::use(BaseProtocol* protocol) {
    auto* receiver = dynamic_cast<DatagramProtocol*>(protocol);
    if (protocol && !receiver) throw TypeError("a datagram transport needs a DatagramProtocol");
    receiver_ = receiver;
    if (!protocol && view_) view_->fd = -1; // the connection is lost
}

void DatagramSocket::call_made() {
    receiver_->connection_made(std::static_pointer_cast<DatagramSocket>(shared_from_this()));
}

void DatagramSocket::begin() {
    if (!paused_) await_data();
}

void DatagramSocket::pause_reading() {
    if (!is_reading()) return;
    paused_ = true;
    if (core_->debug_) logger().debug(repr() + " pauses reading");
}

void DatagramSocket::resume_reading() {
    if (closing_ || !paused_) return;
    paused_ = false;
    await_data();
    if (core_->debug_) logger().debug(repr() + " resumes reading");
}

void DatagramSocket::read_ready() {
    const bool looking = std::exchange(looking_, false);
    if (!is_reading()) return;
    bool received = false;
    try {
        received = receive();
    } catch (...) {
        if (is_reading()) await_data();
        throw;
    }
    if (received)
        looks_missed_ = looking ? 0 : looks_missed_;
    else if (looking)
        after_nothing();
    if (!is_reading() || !reader_.idle()) return;
    if (received)
        after_datagram();
    else
        await_data();
}

// Waiting costs a system call, and so does looking in vain: after a look that found a datagram it
// looks again, after one that did not it waits the next times.
void DatagramSocket::after_datagram() {
    if (waits_left_ > 0) {
        --waits_left_;
        return await_data();
    }
    looking_ = true;
    reader_.fire(*core_);
}

void DatagramSocket::after_nothing() {
    looks_missed_ = std::min<unsigned char>(longest_pause, 2 * looks_missed_ + 1);
    waits_left_ = looks_missed_;
}

// False when there was none.
bool DatagramSocket::receive() {
    const std::span<char> buffer = receive_buffer();
    sockaddr_storage storage;
    socklen_t size = sizeof storage;
    const ssize_t got = ::recvfrom(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT,
                                   reinterpret_cast<sockaddr*>(&storage), &size);
    if (got < 0 && would_block(errno)) return false;
    if (got < 0) {
        const std::exception_ptr error = OSError::from_errno(errno);
        call_reporting("Exception in callback protocol.error_received()",
                       [&] { receiver_->error_received(error); });
        return true;
    }
    const SocketAddress from = SocketAddress::from(&storage, size);
    const std::string_view data(buffer.data(), static_cast<std::size_t>(got));
    call_reporting("Exception in callback protocol.datagram_received()",
                   [&] { receiver_->datagram_received(data, from); });
    return true;
}

IoResult DatagramSocket::try_send(std::string_view data, const SocketAddress& address) const {
    sockaddr_storage storage;
    msghdr message{};
    iovec piece{const_cast<char*>(data.data()), data.size()};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    if (!peername_) {
        if (!address)
            throw TypeError("sendto(): the address of an endpoint that is not connected must not "
                            "be None");
        message.msg_name = &storage;
        message.msg_namelen = static_cast<socklen_t>(address.to(&storage));
    }
    const ssize_t sent = ::sendmsg(fd_, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0) return {static_cast<std::size_t>(sent), 0, false};
    return {0, would_block(errno) ? 0 : errno, would_block(errno)};
}

void DatagramSocket::sendto(std::string_view data, const SocketAddress& addr) {
    if (address_ && addr && addr != address_)
        throw ValueError("Invalid address: must be None or " + address_.str());
    const SocketAddress& to = address_ ? address_ : addr;
    if (lost_count_ && address_) return count_dropped_write("socket.send() raised exception.");
    if (lost_) return;
    if (buffer_.empty()) {
        IoResult done;
        try {
            done = try_send(data, to);
        } catch (const Exception&) {
            return fatal_error(std::current_exception(),
                               "Fatal write error on datagram transport");
        }
        if (done.error) {
            const auto keep = protocol_;
            return receiver_->error_received(OSError::from_errno(done.error));
        }
        if (!done.would_block) return;
    }
    buffer_.push_back(Datagram{std::string(data), to});
    buffer_size_ += data.size() + header_size;
    await_room();
    maybe_pause_protocol();
}

void DatagramSocket::write_ready() {
    if (lost_count_) return;
    while (!buffer_.empty()) {
        const IoResult done = try_send(buffer_.front().data, buffer_.front().address);
        if (done.would_block) break;
        buffer_size_ -= buffer_.front().data.size() + header_size;
        buffer_.pop_front();
        if (!done.error) continue;
        await_room();
        return call_reporting("Exception in callback protocol.error_received()", [&] {
            receiver_->error_received(OSError::from_errno(done.error));
        });
    }
    maybe_resume_protocol(); // it may send
    if (!buffer_.empty())
        await_room();
    else if (closing_ && !lost_count_)
        lose_now();
}

void DatagramSocket::clear_buffer() noexcept {
    buffer_ = {};
    buffer_size_ = 0;
}

std::any DatagramSocket::get_extra_info(std::string_view name) const {
    if (name == "peername" && peername_) return peername_;
    if (name == "sockname" && sockname_) return sockname_;
    if (name != "socket") return {};
    if (!view_) view_ = make_ref<SocketView>(lost_ ? -1 : fd_, sockname_.family());
    return TransportSocket(view_);
}

std::string DatagramSocket::repr() const {
    std::string text = repr_head("DatagramTransport");
    if (lost_) return text + '>';
    text += is_reading() ? " read=polling" : " read=idle";
    text += std::string(" write=<") + (writer_.idle() ? "idle" : "polling");
    return text + ", bufsize=" + std::to_string(buffer_size_) + ">>";
}

} // namespace asyncio::detail
