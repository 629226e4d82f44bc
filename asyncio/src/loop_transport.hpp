// Layer 4. What the transports of datagrams and pipes share: events, opening, closing, flow
// control. A kind of transport adds how it reads and writes.
//
//   open() ─> made node ─> protocol.connection_made() ─> begin()
//   readiness ─> reader, writer nodes ─> read_ready(), write_ready()
//   close(), errors ─> lost node ─> protocol.connection_lost() ─> the descriptor is closed
//
// Python counterpart: selector_events._SelectorTransport, transports._FlowControlMixin.
#pragma once
#include <asyncio/detail/awaiters.hpp>
#include <asyncio/detail/water_marks.hpp>
#include <asyncio/transports.hpp>

#include "loop_extras.hpp"
#include "net_socket.hpp"

#include <list>
#include <memory>

namespace asyncio::detail {

class LoopTransport : public virtual BaseTransport,
                      public LoopResource,
                      public std::enable_shared_from_this<LoopTransport> {
public:
    LoopTransport(LoopCore& core, Ref<NetSocket> socket);
    ~LoopTransport() override;
    /// Starts it: connection_made() comes in the next iteration.
    void open(std::shared_ptr<BaseProtocol> protocol);
    /// Who waits for connection_made() to have run; null: nobody any more.
    void wake_when_ready(Waiter* waiter) noexcept { opened_ = waiter; }
    /// After open(): whether connection_made() has run.
    bool ready() const noexcept { return made_.idle(); }

    bool is_closing() const override { return closing_; }
    void close() override;
    void set_protocol(std::shared_ptr<BaseProtocol> protocol) override;
    std::shared_ptr<BaseProtocol> get_protocol() const override { return protocol_; }
    void loop_closing() noexcept override;

protected:
    /// The protocol is to be called from now on; null when the connection is lost. Throws TypeError
    /// for one of the wrong kind.
    virtual void use(BaseProtocol* protocol) = 0;
    virtual void call_made() = 0;
    /// connection_made() has run: reading may begin.
    virtual void begin() = 0;
    virtual void read_ready() = 0;
    virtual void write_ready() = 0;
    virtual std::size_t buffered() const noexcept = 0;
    virtual void clear_buffer() noexcept = 0;

    /// Runs a method of the protocol in the transport's context. An error of it is reported and
    /// changes nothing.
    template <class F>
    void call_reporting(const std::string& message, F&& call) {
        const auto keep = protocol_;
        try {
            const ContextScope scope(thread_state().context, context_);
            call();
        } catch (...) {
            report(message);
        }
    }
    void await_data() {
        if (reader_.idle() && !closing_) socket_->wait_readable(reader_);
    }
    void await_room() {
        if (writer_.idle() && !lost_count_) socket_->wait_writable(writer_);
    }
    void set_marks(WriteBufferLimits limits);
    void maybe_pause_protocol();
    void maybe_resume_protocol();
    void fatal_error(std::exception_ptr error, const char* message);
    void force_close(std::exception_ptr error);
    /// Schedules connection_lost().
    void lose(std::exception_ptr error);
    void count_dropped_write(const char* warning);
    void lose_now();
    /// " fd=7" and whether it is closed.
    std::string repr_head(const char* kind) const;

    template <void (LoopTransport::*Event)()>
    class Node final : public IoNode {
    public:
        explicit Node(LoopTransport& transport) noexcept : transport_(transport) {}
        void run() override {
            settle();
            retain();
            const struct Release {
                LoopTransport& transport;
                ~Release() { transport.unpin(); }
            } release{transport_};
            (transport_.*Event)();
        }
        void discard() noexcept override { settle(); }
        std::string describe() const override { return "<Handle " + transport_.repr() + '>'; }
        void retain() noexcept override { ++transport_.pins_; }
        void release() noexcept override { transport_.unpin(); }

    private:
        LoopTransport& transport_;
    };

    const Ref<LoopCore> core_;
    const Ref<NetSocket> socket_;
    const int fd_;
    std::shared_ptr<BaseProtocol> protocol_;
    ContextSlot context_;
    WaterMarks marks_;
    int lost_count_ = 0; // not 0 once connection_lost() is scheduled
    bool closing_ = false;
    bool lost_ = false; // connection_lost() has run, or never will
    Node<&LoopTransport::read_ready> reader_{*this};
    Node<&LoopTransport::write_ready> writer_{*this};

private:
    void made();
    void connection_lost();
    void report(const std::string& message);
    void release_resources() noexcept;
    void unpin() noexcept;

    Node<&LoopTransport::made> made_{*this};
    Node<&LoopTransport::connection_lost> lost_node_{*this};
    Waiter* opened_ = nullptr;
    std::exception_ptr lost_error_;
    std::shared_ptr<LoopTransport> self_; // while the loop keeps it
    std::list<LoopResource*>::iterator registered_;
    int pins_ = 0;
};

} // namespace asyncio::detail
