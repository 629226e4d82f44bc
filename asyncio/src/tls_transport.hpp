// Layer 4. TLS on any transport: a protocol for the transport below, a transport for the user.
//
//   below.data_received ─> engine ─> protocol.data_received()
//   write() ─> engine ─> below.write()
//   close() ─> close_notify ─> the peer's close_notify ─> below.close()
//   below.connection_lost ─> protocol.connection_lost(), in the next iteration
//
// What TLS is about happens in the engine (tls_engine.hpp, with the states); here are time-outs,
// flow control in both directions, and when the user's protocol is called:
//
//   new ─ handshake ─> made ─ data* ─> eof? ─> lost
//
// Two of the engine's buffers are bounded by pausing: what is encrypted, while the transport below
// is paused by its own mark, and what is received, while the user reads nothing. Its backlog of
// written data grows with whoever ignores pause_writing(). Python counterpart:
// sslproto.SSLProtocol and _SSLProtocolTransport.
#pragma once
#include <asyncio/detail/awaiters.hpp>
#include <asyncio/events.hpp>
#include <asyncio/exceptions.hpp>
#include <asyncio/protocols.hpp>
#include <asyncio/start_tls.hpp>

#include "loop_extras.hpp"
#include "tls_engine.hpp"
#include "tls_request.hpp"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace asyncio::detail {

/// Limits of a buffer. Unlike WaterMarks they are reached at `high`, not above it.
class ASYNCIO_EXPORT TlsMarks {
public:
    explicit TlsMarks(std::size_t kibibytes) : kibibytes_(kibibytes) { set({}); }
    /// Throws ValueError and changes nothing unless high >= low >= 0.
    void set(WriteBufferLimits limits);
    std::pair<std::size_t, std::size_t> limits() const noexcept { return {low_, high_}; }

    /// True when there is something to hold back, or to let go, now that `size` bytes are there.
    bool should_pause(std::size_t size) noexcept {
        if (paused_ || size < high_ || size == 0) return false;
        return paused_ = true;
    }
    bool should_resume(std::size_t size) noexcept {
        if (!paused_ || size > low_) return false;
        paused_ = false;
        return true;
    }

private:
    std::size_t kibibytes_;
    std::size_t low_ = 0;
    std::size_t high_ = 0;
    bool paused_ = false;
};

/// Which end of the connection it is, and how it came to TLS.
struct TlsRole {
    bool server_side = false;
    bool upgrade = false; // by start_tls(): the protocol has had its connection_made()
};

class ASYNCIO_EXPORT TlsTransport final : public SSLTransport,
                                          public Protocol,
                                          public LoopResource,
                                          public std::enable_shared_from_this<TlsTransport> {
public:
    /// Throws ValueError, TypeError or SSLError for arguments that do not fit.
    TlsTransport(LoopCore& core, const TlsRequest& request, TlsRole role);
    ~TlsTransport() override;
    /// Binds it to the user's protocol. It begins when a transport below calls connection_made().
    void open(std::shared_ptr<BaseProtocol> protocol);
    /// Bytes that arrived before; they are the first of the handshake. Before connection_made().
    void receive_early(std::string bytes) { early_ = std::move(bytes); }

    /// Who waits for the end of the handshake; null: nobody any more.
    void wake_when_ready(Waiter* waiter) noexcept { waiter_ = waiter; }
    bool ready() const noexcept { return ready_; }
    /// Why the handshake failed; null when it did not.
    const std::exception_ptr& handshake_error() const noexcept { return handshake_error_; }

    // For the user
    using BaseTransport::get_extra_info;
    std::any get_extra_info(std::string_view name) const override;
    bool is_closing() const override { return closing_; }
    void close() override;
    void abort() override;
    void set_protocol(std::shared_ptr<BaseProtocol> protocol) override;
    std::shared_ptr<BaseProtocol> get_protocol() const override { return protocol_; }
    std::string repr() const override;
    bool is_reading() const override { return !closing_ && !paused_; }
    void pause_reading() override { paused_ = true; }
    void resume_reading() override;
    void set_read_buffer_limits(WriteBufferLimits limits) override;
    std::pair<std::size_t, std::size_t> get_read_buffer_limits() const override;
    std::size_t get_read_buffer_size() const override { return engine_.read_buffer_size(); }
    void set_write_buffer_limits(WriteBufferLimits limits) override;
    std::pair<std::size_t, std::size_t> get_write_buffer_limits() const override;
    std::size_t get_write_buffer_size() const override { return engine_.write_buffer_size(); }
    void write(std::string_view data) override;
    bool can_write_eof() const override { return false; }

    // For the transport below
    void connection_made(std::shared_ptr<Transport> below) override;
    void data_received(std::string_view data) override;
    bool eof_received() override;
    void connection_lost(std::exception_ptr error) override;
    void pause_writing() override { below_paused_ = true; }
    void resume_writing() override;

    void loop_closing() noexcept override;

private:
    enum class Stage : std::uint8_t { fresh, made, eof, lost };

    // Life
    void start_handshake();
    bool end_handshake();
    bool call_connection_made();
    void wake_waiter(std::exception_ptr error);
    void start_shutdown();
    void peer_closed();
    bool call_eof_received();
    void close_below();
    void send_alert();
    void fail(std::exception_ptr error, const char* message);
    void release() noexcept;
    void unregister() noexcept;
    template <void (TlsTransport::*Expired)()>
    void start_timer(double delay);
    void handshake_expired();
    void shutdown_expired();

    // Traffic
    /// What goes wrong in the call breaks the connection.
    template <class F>
    void guarded(F&& call) {
        try {
            call();
        } catch (...) {
            const std::exception_ptr error = std::current_exception();
            if (is_base_only(error)) throw;
            fail(error, "Fatal error on SSL protocol");
        }
    }
    template <class F>
    bool call_protocol(F&& call);
    template <class F>
    void call_reporting(const char* failure, F&& call);
    void report(const char* message, std::exception_ptr error, std::shared_ptr<BaseTransport> at);
    bool wants_data() const noexcept {
        return !paused_ && !closing_ && stage_ == Stage::made && ready_;
    }
    void advance();
    void deliver();
    bool deliver_copy();
    bool deliver_in_place();
    void drop_data();
    void send();
    void settle();
    void resume();
    void control_reading();
    void control_writing();
    void count_dropped_write();

    const Ref<LoopCore> core_;
    const ssl::SSLContext context_;
    TlsEngine engine_;
    std::shared_ptr<Transport> below_;
    std::shared_ptr<BaseProtocol> protocol_;
    Protocol* stream_ = nullptr;           // the protocol, if it is one
    BufferedProtocol* buffered_ = nullptr; // or if it is one
    TimerHandle timer_;                    // of the handshake, then of the shutdown
    const double handshake_timeout_;
    const double shutdown_timeout_;
    double handshake_start_ = 0;
    std::string early_;
    std::exception_ptr failure_; // what connection_lost() will tell
    std::exception_ptr handshake_error_;
    Waiter* waiter_ = nullptr;
    std::list<LoopResource*>::iterator registered_;
    TlsMarks read_marks_{constants::FLOW_CONTROL_HIGH_WATER_SSL_READ};
    TlsMarks write_marks_{constants::FLOW_CONTROL_HIGH_WATER_SSL_WRITE};
    int lost_count_ = 0; // writes that were dropped, and the loss
    const TlsRole role_;
    const bool suppress_ragged_eofs_;
    Stage stage_ = Stage::fresh;
    bool is_registered_ = false;
    bool handshaken_ = false;    // the connection is made
    bool ready_ = false;         // who waits for that knows, or knows why not
    bool paused_ = false;        // by the user
    bool below_paused_ = false;  // it does not want to be written to
    bool eof_ = false;           // from below
    bool closing_ = false;       // the user's side
    bool shutting_down_ = false; // properly
    bool failed_ = false;        // or at once
    bool closing_below_ = false;
    bool resuming_ = false;
    bool more_ = false; // the last read has filled its buffer
};

} // namespace asyncio::detail
