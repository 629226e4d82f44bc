// Layer 4. The two ends of a TLS connection's ciphertext: bytes lent to OpenSSL, and bytes it wants
// sent.
//
// OpenSSL sees one BIO of our own kind. Its memory BIO would copy what arrives once more (and move
// what is left to the front), its BIO pair has two buffers of a fixed size for each connection.
// Here OpenSSL reads straight from the transport's receive buffer, and what it encrypts for a
// large write goes out in one piece. An idle connection owns neither buffer.
#pragma once
#include <openssl/types.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace asyncio::detail {

class TlsWire {
public:
    TlsWire() = default;
    TlsWire(const TlsWire&) = delete;
    TlsWire& operator=(const TlsWire&) = delete;
    ~TlsWire();

    /// From now on `connection` reads and writes here, until this is destroyed.
    void attach(SSL* connection);

    // What arrives

    /// Lends bytes until keep(). Several may not be lent at once.
    void lend(std::string_view bytes) noexcept { lent_ = bytes; }
    /// Copies those of the lent bytes that OpenSSL has not read. Throws std::bad_alloc.
    void keep();
    void drop_input() noexcept;
    std::size_t unread() const noexcept { return kept_.size() - kept_start_ + lent_.size(); }

    // What goes out

    std::string_view outgoing() const noexcept { return std::string_view(out_).substr(out_start_); }
    std::size_t outgoing_size() const noexcept { return out_.size() - out_start_; }
    void consume(std::size_t count) noexcept;

private:
    friend struct TlsBioMethod;
    int read(char* data, int size) noexcept;
    int write(const char* data, int size) noexcept;

    BIO* bio_ = nullptr;
    std::string kept_; // comes before what is lent
    std::size_t kept_start_ = 0;
    std::string_view lent_;
    std::string out_;
    std::size_t out_start_ = 0; // what is before is sent
};

} // namespace asyncio::detail
