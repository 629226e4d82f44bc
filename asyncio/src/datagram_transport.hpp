// Layer 4. The transport of datagram sockets.
//
//   readiness ─> recvfrom() ─> protocol.datagram_received(), one datagram in each iteration
//   sendto()  ─> the system at once; what it does not take waits in a queue
//
// Python counterpart: selector_events._SelectorDatagramTransport.
#pragma once
#include <asyncio/sockets.hpp>
#include <asyncio/transports.hpp>

#include "loop_transport.hpp"

#include <deque>
#include <string>

namespace asyncio::detail {

class DatagramSocket final : public DatagramTransport, public LoopTransport {
public:
    /// `address` is where datagrams go that name no address.
    DatagramSocket(LoopCore& core, Ref<NetSocket> socket, SocketAddress address);

    std::any get_extra_info(std::string_view name) const override;
    std::string repr() const override;
    bool is_reading() const override { return !closing_ && !paused_; }
    void pause_reading() override;
    void resume_reading() override;
    void sendto(std::string_view data, const SocketAddress& addr) override;
    void set_write_buffer_limits(WriteBufferLimits limits) override { set_marks(limits); }
    std::pair<std::size_t, std::size_t> get_write_buffer_limits() const override {
        return {marks_.low(), marks_.high()};
    }
    std::size_t get_write_buffer_size() const override { return buffer_size_; }
    void abort() override { force_close(nullptr); }

private:
    struct Datagram {
        std::string data;
        SocketAddress address;
    };

    void use(BaseProtocol* protocol) override;
    void call_made() override;
    void begin() override;
    void read_ready() override;
    void write_ready() override;
    std::size_t buffered() const noexcept override { return buffer_size_; }
    void clear_buffer() noexcept override;

    bool receive();
    void after_datagram();
    void after_nothing();
    IoResult try_send(std::string_view data, const SocketAddress& address) const;

    DatagramProtocol* receiver_ = nullptr;
    const SocketAddress address_;
    SocketAddress peername_;
    SocketAddress sockname_;
    mutable Ref<SocketView> view_;
    std::deque<Datagram> buffer_;
    std::size_t buffer_size_ = 0;
    // How often it pays to look for another datagram without waiting: see after_datagram().
    unsigned char looks_missed_ = 0;
    unsigned char waits_left_ = 0;
    bool looking_ = false;
    bool paused_ = false;
};

} // namespace asyncio::detail
