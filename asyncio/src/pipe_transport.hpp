// Layer 4. The transports of the two ends of a pipe.
//
// Python counterpart: unix_events._UnixReadPipeTransport, _UnixWritePipeTransport.
#pragma once
#include <asyncio/detail/write_buffer.hpp>
#include <asyncio/transports.hpp>

#include "loop_transport.hpp"

namespace asyncio::detail {

class PipeTransport : public Transport, public LoopTransport {
public:
    using LoopTransport::LoopTransport;
    std::any get_extra_info(std::string_view name) const override;

protected:
    void use(BaseProtocol* protocol) override;
    void call_made() override;

    Protocol* stream_ = nullptr;           // the protocol, if it is one
    BufferedProtocol* buffered_ = nullptr; // or if it is one
};

class ReadPipe final : public PipeTransport {
public:
    using PipeTransport::PipeTransport;
    std::string repr() const override;
    bool is_reading() const override { return !closing_ && !paused_; }
    void pause_reading() override;
    void resume_reading() override;

private:
    void begin() override;
    void read_ready() override;
    void write_ready() override; // the end of the stream
    std::size_t buffered() const noexcept override { return 0; }
    void clear_buffer() noexcept override {}
    void receive();
    void deliver(std::string_view data);
    void failed(int error);

    bool paused_ = false;
};

class WritePipe final : public PipeTransport {
public:
    /// `watched`: whether the system tells when the reader goes.
    WritePipe(LoopCore& core, Ref<NetSocket> socket, bool is_socket, bool watched);
    std::string repr() const override;
    void set_write_buffer_limits(WriteBufferLimits limits) override { set_marks(limits); }
    std::pair<std::size_t, std::size_t> get_write_buffer_limits() const override {
        return {marks_.low(), marks_.high()};
    }
    std::size_t get_write_buffer_size() const override { return buffer_.size(); }
    void write(std::string_view data) override;
    void write_eof() override { close(); }
    bool can_write_eof() const override { return true; }
    void abort() override { force_close(nullptr); }

private:
    void begin() override;
    void read_ready() override; // the reader is gone
    void write_ready() override;
    std::size_t buffered() const noexcept override { return buffer_.size(); }
    void clear_buffer() noexcept override { buffer_.clear(); }
    IoResult try_write(std::string_view data) const noexcept;
    void failed(int error);

    WriteBuffer buffer_;
    int dropped_ = 0;
    bool is_socket_;
    bool watched_;
};

} // namespace asyncio::detail
