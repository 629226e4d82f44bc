// Layer 4. TlsEngine: one TLS connection without I/O. Bytes go in, bytes come out, nothing waits.
//
// Python counterpart: the ssl.SSLObject inside of sslproto.SSLProtocol, and that protocol's states.
//
//   state         event                     next          what comes out
//   ------------  ------------------------  ------------  ---------------------------------------
//   unwrapped     start                     do_handshake  a client's first message
//   unwrapped     shutdown                  closed
//   do_handshake  bytes, not enough         do_handshake  the own part of the handshake
//   do_handshake  bytes, handshake done     wrapped       what was written so far
//   do_handshake  bytes, handshake failed   closed        an alert; error()
//   do_handshake  EOF                       closed        error(): ConnectionResetError
//   do_handshake  shutdown                  closed
//   wrapped       write                     wrapped       records; backlog beyond the window
//   wrapped       bytes                     wrapped       data by read(), replies
//   wrapped       close_notify, or EOF      wrapped       end() after the last data
//   wrapped       shutdown                  flushing
//   flushing      backlog is encrypted      shutdown      close_notify
//   shutdown      bytes of data             shutdown      nothing: dropped, up to a limit
//   shutdown      close_notify, EOF, limit  closed
//   any           a broken record, an alert closed        an alert; error()
//   any           abort                     closed        nothing
//
// Any other change throws RuntimeError "cannot switch state from ... to ...". In `closed` bytes,
// writes and EOF are ignored: what follows a close_notify never reaches the application.
//
// What a transport does with it:
//   - Construction checks the host name and may throw. Timeouts are the transport's: when one
//     expires it calls abort(). start() begins; bytes that arrived before (in a reader that
//     start_tls() upgrades) are given to receive() first, and are part of the handshake.
//   - For bytes from below: `const TlsEngine::Input lent(engine, bytes);`, then pull the data with
//     read() while the application is reading. Nothing is decrypted that nobody asked for; at the
//     end of the scope what is left is copied. read_buffer_size() counts that: pause the transport
//     below when it is large, resume when it is small. On resume_reading() call read() again.
//   - After receive_eof() read until read() gives less than it had room for; then end() tells a
//     clean close from a truncated one.
//   - After every call: send outgoing(), consume() what the transport below took, and look at
//     state() and error(). Deliver what read() gave before looking. Send what is outgoing even
//     after an error: it is the alert that tells the peer why. As consume() makes room it encrypts
//     the next part of the backlog, so go on until nothing is outgoing.
//   - write() takes everything; write_buffer_size() counts plaintext and ciphertext together, for
//     the water marks. Stop sending while the transport below is paused: then at most `window`
//     bytes and one record are encrypted ahead.
//   - shutdown() when the application closes, and when end() is not `open`. The connection below is
//     closed once state() is `closed` and nothing is outgoing.
//   - In `flushing` read() still gives data: deliver or drop it. Not reading holds the peer back.
//   - TLS over TLS is an engine whose transport below is another TLS transport: nothing is shared.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/write_buffer.hpp>
#include <asyncio/ssl.hpp>

#include "tls_wire.hpp"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace asyncio::detail {

enum class TlsState : std::uint8_t { unwrapped, do_handshake, wrapped, flushing, shutdown, closed };

/// How the peer's data ended.
enum class TlsEnd : std::uint8_t {
    open,      // it has not
    closed,    // with a close_notify
    truncated, // EOF without one: an attacker may have cut something off
};

struct TlsEngineOptions {
    bool server_side = false;
    /// What the server's certificate must be for, and SNI. Without it a client whose context checks
    /// host names throws ValueError; an empty one turns check and SNI off for this connection.
    std::optional<std::string_view> server_hostname = {};
    /// Bytes of ciphertext above which written data stays in the backlog.
    std::size_t window = 128 * 1024;
};

class ASYNCIO_EXPORT TlsEngine {
public:
    /// Throws ValueError, TypeError or SSLError for names and contexts that do not fit.
    TlsEngine(const ssl::SSLContext& context, TlsEngineOptions options);
    TlsEngine(const TlsEngine&) = delete;
    TlsEngine& operator=(const TlsEngine&) = delete;
    ~TlsEngine();

    // Inputs

    void start();

    /// Lends bytes to the engine for a scope, and lets it take the steps they allow. The engine
    /// must live as long; during the scope nothing else may be received.
    class ASYNCIO_EXPORT Input {
    public:
        Input(TlsEngine& engine, std::string_view bytes) : engine_(engine) { engine.lend(bytes); }
        Input(const Input&) = delete;
        Input& operator=(const Input&) = delete;
        ~Input() { engine_.keep(); }

    private:
        TlsEngine& engine_;
    };
    /// The same with a copy of all that is not needed at once.
    void receive(std::string_view bytes) { const Input lent(*this, bytes); }
    void receive_eof();

    /// Takes all data, to be encrypted in order; false, and nothing is taken, from shutdown() on.
    bool write(std::string_view data);
    /// Encrypts the beginning of the data without ever copying it, as far as the window goes;
    /// returns how much. 0 while there is a backlog, and outside of `wrapped`.
    std::size_t write_some(std::string_view data);
    /// Encrypts what was written, then closes the own side. Idempotent.
    void shutdown();
    /// Forgets everything, outgoing bytes too.
    void abort() noexcept;

    // Outputs

    /// Decrypts into the buffer. Less than its size means that there is no more now.
    std::size_t read(std::span<char> buffer);
    /// What to send next. Valid until the next call of anything but const methods.
    std::string_view outgoing() const noexcept { return wire_.outgoing(); }
    void consume(std::size_t count);

    TlsState state() const noexcept { return state_; }
    TlsEnd end() const noexcept { return end_; }
    /// Why the state is `closed`; null after a regular end.
    const std::exception_ptr& error() const noexcept { return error_; }
    /// What a transport that takes truncation for an error raises when end() is `truncated`.
    static std::exception_ptr truncation_error();

    /// Ciphertext that was received and not decrypted.
    std::size_t read_buffer_size() const noexcept { return wire_.unread(); }
    /// Data and ciphertext that are not sent.
    std::size_t write_buffer_size() const noexcept {
        return backlog_.size() + wire_.outgoing_size();
    }
    ssl::SSLObject object() const { return ssl::SSLObject(object_); }

private:
    void lend(std::string_view bytes);
    void keep() noexcept;

    void move(TlsState next);
    void close() noexcept;
    void fail(std::exception_ptr error) noexcept;
    void fail_from(int result);
    bool is_open() const noexcept {
        return state_ == TlsState::wrapped || state_ == TlsState::flushing;
    }

    void advance_handshake();
    void advance_backlog();
    void advance_shutdown();
    std::size_t encrypt(std::string_view data);
    std::size_t decrypt(std::span<char> buffer);
    bool is_flooded(std::size_t outgoing_before) noexcept;

    std::shared_ptr<TlsObject> object_;
    TlsWire wire_; // after object_: OpenSSL lets go of it first
    WriteBuffer backlog_;
    std::exception_ptr error_;
    std::size_t window_;
    std::size_t replies_ = 0; // bytes that the peer made us send since all was sent
    std::size_t dropped_ = 0; // data that came after our close_notify
    TlsState state_ = TlsState::unwrapped;
    TlsEnd end_ = TlsEnd::open;
    bool eof_ = false;
};

/// As Python prints them: `SSLProtocolState.WRAPPED`.
ASYNCIO_EXPORT std::string_view name_of(TlsState state) noexcept;

} // namespace asyncio::detail
