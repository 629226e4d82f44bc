// Layer 4. See tls_wire.hpp.
#include "tls_wire.hpp"

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace asyncio::detail {
namespace {

// The memory of the last buffer that was sent completely: most connections of a thread need one for
// a moment, one after the other. Trivially destructible, so that engines may outlive it.
struct Spare {
    std::string* text;
    bool dead;
};
constinit thread_local Spare spare{};
constexpr std::size_t largest_spare = std::size_t{1} << 20;

struct SpareOwner {
    SpareOwner() { spare.text = &text; }
    SpareOwner(const SpareOwner&) = delete;
    SpareOwner& operator=(const SpareOwner&) = delete;
    ~SpareOwner() { spare = {nullptr, true}; }
    std::string text;
};

[[gnu::noinline]] std::string* make_spare() {
    if (spare.dead) return nullptr;
    static thread_local SpareOwner owner;
    return &owner.text;
}

std::string* spare_text() { return spare.text ? spare.text : make_spare(); }

const std::size_t inline_capacity = std::string().capacity();

void take_spare(std::string& text) {
    if (text.capacity() > inline_capacity) return;
    if (std::string* kept = spare_text()) text.swap(*kept);
}

void give_spare(std::string& text) noexcept {
    text.clear();
    if (text.capacity() <= inline_capacity) return;
    std::string* kept = spare.text;
    if (kept && text.capacity() <= largest_spare && kept->capacity() < text.capacity())
        text.swap(*kept);
    std::string().swap(text);
}

} // namespace

// What OpenSSL calls. A BIO whose wire is gone neither reads nor writes.
struct TlsBioMethod {
    static TlsWire* wire(BIO* bio) { return static_cast<TlsWire*>(BIO_get_data(bio)); }

    static int read(BIO* bio, char* data, int size) {
        BIO_clear_retry_flags(bio);
        if (!wire(bio)) return -1;
        const int count = wire(bio)->read(data, size);
        if (count == 0) BIO_set_retry_read(bio);
        return count > 0 ? count : -1;
    }
    static int write(BIO* bio, const char* data, int size) {
        BIO_clear_retry_flags(bio);
        return wire(bio) ? wire(bio)->write(data, size) : -1;
    }
    static long control(BIO* bio, int command, long, void*) {
        switch (command) {
        case BIO_CTRL_FLUSH: return 1;
        case BIO_CTRL_PENDING: return wire(bio) ? static_cast<long>(wire(bio)->unread()) : 0;
        case BIO_CTRL_WPENDING:
            return wire(bio) ? static_cast<long>(wire(bio)->outgoing_size()) : 0;
        default: return 0;
        }
    }

    static BIO_METHOD* make() {
        BIO_METHOD* method =
            BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "asyncio TLS wire");
        if (!method) throw std::bad_alloc();
        BIO_meth_set_read(method, read);
        BIO_meth_set_write(method, write);
        BIO_meth_set_ctrl(method, control);
        return method;
    }
    // Never freed: connections may live as long as the process.
    static BIO_METHOD* get() {
        static BIO_METHOD* const method = make();
        return method;
    }
};

TlsWire::~TlsWire() {
    give_spare(out_);
    if (!bio_) return;
    BIO_set_data(bio_, nullptr);
    BIO_free(bio_);
}

void TlsWire::attach(SSL* connection) {
    bio_ = BIO_new(TlsBioMethod::get());
    if (!bio_) throw std::bad_alloc();
    BIO_set_data(bio_, this);
    BIO_set_init(bio_, 1);
    // One reference for both directions of the connection, one for ourselves.
    BIO_up_ref(bio_);
    SSL_set_bio(connection, bio_, bio_);
}

void TlsWire::keep() {
    if (lent_.empty()) return;
    kept_.erase(0, std::exchange(kept_start_, 0));
    kept_ += lent_;
    lent_ = {};
}

void TlsWire::drop_input() noexcept {
    std::string().swap(kept_);
    kept_start_ = 0;
    lent_ = {};
}

void TlsWire::consume(std::size_t count) noexcept {
    out_start_ += std::min(count, outgoing_size());
    if (out_start_ < out_.size()) return;
    give_spare(out_);
    out_start_ = 0;
}

int TlsWire::read(char* data, int size) noexcept {
    const auto wanted = static_cast<std::size_t>(std::max(size, 0));
    if (kept_start_ < kept_.size()) {
        const std::size_t count = std::min(wanted, kept_.size() - kept_start_);
        std::memcpy(data, kept_.data() + kept_start_, count);
        kept_start_ += count;
        if (kept_start_ == kept_.size()) {
            std::string().swap(kept_);
            kept_start_ = 0;
        }
        return static_cast<int>(count);
    }
    const std::size_t count = std::min(wanted, lent_.size());
    if (count > 0) std::memcpy(data, lent_.data(), count);
    lent_.remove_prefix(count);
    return static_cast<int>(count);
}

int TlsWire::write(const char* data, int size) noexcept {
    try {
        if (out_.empty()) take_spare(out_);
        // The room of what is sent is used again before it outgrows the rest.
        if (out_start_ > outgoing_size()) out_.erase(0, std::exchange(out_start_, 0));
        out_.append(data, static_cast<std::size_t>(std::max(size, 0)));
        return size;
    } catch (const std::bad_alloc&) {
        return -1;
    }
}

} // namespace asyncio::detail
