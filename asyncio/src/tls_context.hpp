// Layer 4. What an SSLContext handle refers to: OpenSSL's context, and what OpenSSL does not keep.
#pragma once
#include <asyncio/ssl.hpp>

#include <openssl/types.h>

#include <cstdio>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace asyncio::detail {

/// The file that gets the keys of connections. Thread-safe.
class TlsKeyLog {
public:
    /// Throws what opening the file throws.
    explicit TlsKeyLog(std::string filename);
    const std::string& filename() const noexcept { return filename_; }
    void write(const char* line) noexcept;

private:
    struct Close {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };
    std::string filename_;
    std::unique_ptr<std::FILE, Close> file_;
    std::mutex mutex_;
};

class TlsContext {
public:
    explicit TlsContext(ssl::SSLMethod protocol);
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;
    ~TlsContext();

    SSL_CTX* native() const noexcept { return context_; }
    void set_alpn(const std::vector<std::string>& protocols);
    void set_sni(ssl::SNICallback callback);
    void set_key_log(std::optional<std::string> filename);

    const ssl::SSLMethod protocol_;
    bool check_hostname_ = false;
    bool post_handshake_auth_ = false; // OpenSSL does not tell
    std::unique_ptr<TlsKeyLog> key_log_;

private:
    SSL_CTX* const context_;
    std::string alpn_; // as in the handshake: each name after its length
    ssl::SNICallback sni_;

    static int select_alpn(SSL*, const unsigned char** out, unsigned char* size,
                           const unsigned char* offer, unsigned offer_size, void* self);
    static int answer_sni(SSL* connection, int* alert, void* self);
    static void log_key(const SSL* connection, const char* line);
};

} // namespace asyncio::detail
