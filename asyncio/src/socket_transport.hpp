// Layer 4. The transport of stream sockets.
//
//   readiness ─> read node ─> try_read ─> protocol.data_received()
//   write()   ─> try_write ─> what is left: buffer ─> write node ─> try_write ─> ...
//   close(), errors ─> lost node ─> protocol.connection_lost() ─> the socket is closed
//
// Nodes are embedded, so no event allocates. Python counterpart:
// selector_events._SelectorSocketTransport.
#pragma once
#include <asyncio/detail/awaiters.hpp>
#include <asyncio/detail/stream_socket.hpp>
#include <asyncio/detail/water_marks.hpp>
#include <asyncio/detail/write_buffer.hpp>
#include <asyncio/sockets.hpp>
#include <asyncio/transports.hpp>

#include "loop_extras.hpp"

#include <list>
#include <memory>

namespace asyncio::detail {

class ServerImpl;

class SocketTransport final : public Transport,
                              public LoopResource,
                              public std::enable_shared_from_this<SocketTransport> {
public:
    SocketTransport(LoopCore& core, Ref<StreamSocket> socket);
    ~SocketTransport() override;
    /// Starts it: connection_made() comes in the next iteration, then reading begins.
    void open(std::shared_ptr<BaseProtocol> protocol, ServerImpl* server = nullptr,
              SocketAddress peer = {});
    /// Who waits for connection_made() to have run; null: nobody any more.
    void wake_when_ready(Waiter* waiter) noexcept { opened_ = waiter; }
    /// After open(): whether connection_made() has run.
    bool ready() const noexcept { return made_.idle(); }

    std::any get_extra_info(std::string_view name) const override;
    bool is_closing() const override { return closing_; }
    void close() override;
    void set_protocol(std::shared_ptr<BaseProtocol> protocol) override;
    std::shared_ptr<BaseProtocol> get_protocol() const override { return protocol_; }
    std::string repr() const override;
    bool is_reading() const override { return !closing_ && !paused_; }
    void pause_reading() override;
    void resume_reading() override;
    void set_write_buffer_limits(WriteBufferLimits limits) override;
    std::pair<std::size_t, std::size_t> get_write_buffer_limits() const override;
    std::size_t get_write_buffer_size() const override { return buffer_.size(); }
    void write(std::string_view data) override;
    void write_pieces(std::span<const std::string_view> pieces) override;
    void write_eof() override;
    bool can_write_eof() const override { return true; }
    void abort() override { force_close(nullptr); }

    void loop_closing() noexcept override;

    // Sending a file: nothing else is written meanwhile.
    void begin_sendfile();
    void end_sendfile() noexcept { sending_file_ = false; }
    bool lost() const noexcept { return lost_count_ != 0; }
    const std::exception_ptr& lost_error() const noexcept { return lost_error_; }
    const Ref<StreamSocket>& socket() const noexcept { return socket_; }
    /// Wakes when the buffer is empty and the socket takes more, or when the connection is lost;
    /// null: nobody waits any more.
    void wake_when_sendable(Waiter* waiter);

    // The server's list of its connections.
    SocketTransport* client_before_ = nullptr;
    SocketTransport* client_after_ = nullptr;

protected:
    void write_owned(std::string data) override;

private:
    template <void (SocketTransport::*Event)()>
    class Node final : public IoNode {
    public:
        explicit Node(SocketTransport& transport) noexcept : transport_(transport) {}
        void run() override {
            settle();
            const Pin pin(transport_);
            (transport_.*Event)();
        }
        void discard() noexcept override { settle(); }
        std::string describe() const override { return "<Handle " + transport_.repr() + '>'; }
        void retain() noexcept override { ++transport_.pins_; }
        void release() noexcept override { Pin::drop(transport_); }

    private:
        SocketTransport& transport_;
    };
    // Keeps the transport while one of its events runs, and for the debug log after it.
    struct Pin {
        explicit Pin(SocketTransport& pinned) noexcept : transport(pinned) { ++transport.pins_; }
        ~Pin() { drop(transport); }
        static void drop(SocketTransport& transport) noexcept {
            if (--transport.pins_ == 0 && transport.lost_) transport.release_self();
        }
        SocketTransport& transport;
    };

    // Events
    void made();
    void read_ready();
    void write_ready();
    void connection_lost();

    bool wants_data() const noexcept { return !closing_ && !paused_ && !eof_received_; }
    IoResult try_read(void* data, std::size_t size);
    bool receive();
    bool receive_buffered();
    bool failed_to_receive(IoResult got);
    void await_data(bool more);
    void end_of_stream();

    void wake_sender() noexcept;
    void check_writable(const char* function) const {
        if (eof_written_ || sending_file_) [[unlikely]]
            refuse_writing(function);
    }
    [[noreturn]] void refuse_writing(const char* function) const;
    bool send_now(std::string_view data, std::size_t& sent);
    void buffered();
    void count_dropped_write();
    void maybe_pause_protocol();
    void maybe_resume_protocol();

    template <class F>
    bool call_protocol(const char* failure, F&& call);
    template <class F>
    void call_reporting(const char* failure, F&& call);
    void report(const char* message, std::exception_ptr error);
    void fatal_error(std::exception_ptr error, const char* message);
    void fatal_error(int error, const char* message);
    void force_close(std::exception_ptr error);
    void lose(std::exception_ptr error);
    void release_resources() noexcept;
    void release_self() noexcept;

    const Ref<LoopCore> core_;
    const Ref<StreamSocket> socket_;
    std::shared_ptr<BaseProtocol> protocol_;
    Protocol* stream_ = nullptr;           // the protocol, if it is one
    BufferedProtocol* buffered_ = nullptr; // or if it is one
    ContextSlot context_;
    Node<&SocketTransport::made> made_{*this};
    Node<&SocketTransport::read_ready> reader_{*this};
    Node<&SocketTransport::write_ready> writer_{*this};
    Node<&SocketTransport::connection_lost> lost_node_{*this};
    Waiter* opened_ = nullptr;
    Waiter* sender_ = nullptr;
    WriteBuffer buffer_;
    WaterMarks marks_;
    std::exception_ptr lost_error_;
    Ref<ServerImpl> server_;
    std::shared_ptr<SocketTransport> self_; // while the loop keeps it
    std::list<LoopResource*>::iterator registered_;
    SocketAddress peername_;
    SocketAddress sockname_;
    mutable Ref<SocketView> view_;
    int fd_;
    int lost_count_ = 0; // not 0 once connection_lost() is scheduled: then writes are dropped
    int pins_ = 0;
    bool not_waited_ = false; // the coming read is tried without waiting for data
    bool closing_ = false;
    bool paused_ = false;
    bool eof_received_ = false;
    bool eof_written_ = false;
    bool lost_ = false; // connection_lost() has run, or never will
    bool sending_file_ = false;
};

} // namespace asyncio::detail
