// Layer 4. TlsEngine: application data, encrypted and decrypted. See tls_engine.hpp.
#include "tls_engine.hpp"
#include "tls_errors.hpp"
#include "tls_object.hpp"

#include <openssl/ssl.h>

namespace asyncio::detail {

bool TlsEngine::write(std::string_view data) {
    if (state_ > TlsState::wrapped) return false;
    data.remove_prefix(write_some(data));
    if (state_ <= TlsState::wrapped) backlog_.append(data);
    return true;
}

std::size_t TlsEngine::write_some(std::string_view data) {
    if (state_ != TlsState::wrapped || !backlog_.empty()) return 0;
    return encrypt(data);
}

void TlsEngine::consume(std::size_t count) {
    wire_.consume(count);
    if (wire_.outgoing_size() == 0) replies_ = 0;
    if (is_open()) advance_backlog();
}

// As much as the window takes, record by record. It stops, too, where OpenSSL must hear from the
// peer before it goes on: the next bytes that arrive come back here.
std::size_t TlsEngine::encrypt(std::string_view data) {
    std::size_t total = 0;
    while (total < data.size() && wire_.outgoing_size() < window_) {
        const std::string_view rest = data.substr(total);
        std::size_t count = 0;
        forget_errors();
        const int result = SSL_write_ex(object_->ssl, rest.data(), rest.size(), &count);
        if (result != 1) {
            fail_from(result);
            break;
        }
        total += count;
    }
    return total;
}

void TlsEngine::advance_backlog() {
    while (is_open() && !backlog_.empty()) {
        std::string_view piece;
        backlog_.peek({&piece, 1});
        const std::size_t size = piece.size();
        const std::size_t count = encrypt(piece);
        if (!is_open()) return; // it failed, and the backlog is gone
        backlog_.consume(count);
        if (count < size) return;
    }
    if (state_ != TlsState::flushing) return;
    move(TlsState::shutdown);
    forget_errors();
    const int result = SSL_shutdown(object_->ssl);
    if (result < 0) fail_from(result);
    if (state_ == TlsState::shutdown) advance_shutdown();
}

std::size_t TlsEngine::read(std::span<char> buffer) {
    if (!is_open() || end_ != TlsEnd::open) return 0;
    const std::size_t before = wire_.outgoing_size();
    std::size_t total = 0;
    while (total < buffer.size() && is_open() && end_ == TlsEnd::open) {
        const std::size_t count = decrypt(buffer.subspan(total));
        if (count == 0) break;
        total += count;
    }
    if (total < buffer.size() && eof_ && is_open() && end_ == TlsEnd::open)
        end_ = TlsEnd::truncated;
    if (is_flooded(before) && is_open())
        fail(std::make_exception_ptr(
            ssl::SSLError(SSL_ERROR_SSL, "the peer demands answers and does not read them")));
    if (is_open()) advance_backlog();
    return total;
}

// At most one record. 0: nothing more at the moment, or the end, or a failure.
std::size_t TlsEngine::decrypt(std::span<char> buffer) {
    // OpenSSL would allocate a record buffer only to find out (measured: 0.4 us a message).
    if (wire_.unread() == 0 && !SSL_has_pending(object_->ssl)) return 0;
    std::size_t count = 0;
    forget_errors();
    const int result = SSL_read_ex(object_->ssl, buffer.data(), buffer.size(), &count);
    if (result == 1) return count;
    if (SSL_get_error(object_->ssl, result) == SSL_ERROR_ZERO_RETURN)
        end_ = TlsEnd::closed;
    else
        fail_from(result);
    return 0;
}

// Some messages demand an answer. A peer that sends them and never reads would fill the memory.
bool TlsEngine::is_flooded(std::size_t outgoing_before) noexcept {
    constexpr std::size_t limit = 64 * 1024;
    replies_ += wire_.outgoing_size() - outgoing_before;
    return replies_ > limit;
}

} // namespace asyncio::detail
