// 1 GiB through a transport to somebody who reads slowly, in bounded memory.
//
//   program-gigabyte tcp|tls
//
// The reader stops after each piece and goes on some iterations of the loop later; the writer
// writes until it is told to pause. Without optimisation it is 256 MiB and with a sanitizer 64 MiB,
// so that it takes seconds: still hundreds of times what all buffers together may hold.
#include <asyncio/asyncio.hpp>

#include "../support/certificates.hpp"
#include "../support/process.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>
#include <string>

namespace ssl = asyncio::ssl;
using asyncio::Coroutine;

namespace {

constexpr std::uint64_t mib = 1 << 20;
constexpr std::uint64_t total = (asyncio_test::sanitized   ? 64
                                 : asyncio_test::optimized ? 1024
                                                           : 256) *
                                mib;
constexpr std::int64_t allowed_growth = 16 * mib;
constexpr std::uint64_t allowed_buffer = mib; // a block, the water marks, records of TLS

// What is sent, over and over; its length is odd so that pieces begin anywhere in it.
const std::string pattern = [] {
    std::string text(65'521, '\0');
    for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i * i % 251);
    return text;
}();

struct Writer : asyncio::Protocol {
    void connection_made(std::shared_ptr<asyncio::Transport> t) override {
        transport = std::move(t);
        resume_writing();
    }
    void pause_writing() override {
        paused = true;
        ++pauses;
    }
    void resume_writing() override {
        paused = false;
        while (!paused && written < total) {
            const auto size = std::min<std::uint64_t>(pattern.size(), total - written);
            transport->write(std::string_view(pattern).substr(0, size));
            written += size;
            largest = std::max<std::uint64_t>(largest, transport->get_write_buffer_size());
        }
        if (!paused) transport->close();
    }
    void connection_lost(std::exception_ptr) override { transport.reset(); }
    std::shared_ptr<asyncio::Transport> transport;
    bool paused = false;
    int pauses = 0;
    std::uint64_t written = 0, largest = 0;
};

struct Reader : asyncio::Protocol {
    explicit Reader(asyncio::Future<> end) : done(std::move(end)) {}
    void connection_made(std::shared_ptr<asyncio::Transport> t) override {
        transport = std::move(t);
    }
    void data_received(std::string_view data) override {
        compare(data);
        received += data.size();
        transport->pause_reading();
        ++pauses;
        wait(pauses % 5);
    }
    void wait(int iterations) {
        asyncio::get_running_loop().call_soon([this, iterations] {
            if (iterations > 0) return wait(iterations - 1);
            if (transport) transport->resume_reading();
        });
    }
    void compare(std::string_view data) {
        std::uint64_t at = received % pattern.size();
        while (!data.empty()) {
            const auto size = std::min<std::uint64_t>(pattern.size() - at, data.size());
            right = right && std::memcmp(data.data(), pattern.data() + at, size) == 0;
            data.remove_prefix(size);
            at = 0;
        }
    }
    void connection_lost(std::exception_ptr error) override {
        clean = !error;
        transport.reset();
        done.set_result();
    }
    asyncio::Future<> done;
    std::shared_ptr<asyncio::Transport> transport;
    std::uint64_t received = 0;
    int pauses = 0;
    bool right = true, clean = false;
};

ssl::SSLContext server_context() {
    const ssl::SSLContext context(ssl::PROTOCOL_TLS_SERVER);
    const asyncio_test::MemoryFile chain(asyncio_test::localhost_identity().chain());
    context.load_cert_chain(chain.name());
    return context;
}

ssl::SSLContext client_context() {
    return ssl::create_default_context({.cadata = asyncio_test::test_authority().certificate});
}

std::int64_t most_memory() {
    return static_cast<std::int64_t>(asyncio_test::memory_bytes("VmHWM"));
}

Coroutine<bool> check(bool tls) {
    auto& loop = asyncio::get_running_loop();
    const auto writer = std::make_shared<Writer>();
    const auto reader = std::make_shared<Reader>(loop.create_future());
    ssl::SSLContext server_side, client_side;
    if (tls) {
        server_side = server_context();
        client_side = client_context();
    }
    auto server = co_await loop.create_server([&writer] { return writer; }, "127.0.0.1", 0,
                                              {.ssl = server_side});
    const int port = server.sockets().at(0).getsockname().port();
    const std::int64_t before = most_memory();
    const auto start = std::chrono::steady_clock::now();
    if (tls)
        co_await loop.create_connection(reader, "127.0.0.1", port,
                                        {.ssl = client_side, .server_hostname = "localhost"});
    else
        co_await loop.create_connection(reader, "127.0.0.1", port);
    co_await reader->done;
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    server.close();
    co_await server.wait_closed();
    const std::int64_t growth = most_memory() - before;
    std::cout << (tls ? "TLS" : "TCP") << ": " << reader->received / mib << " MiB in "
              << time.count() << " s, " << static_cast<double>(total / mib) / time.count()
              << " MiB/s; reading paused " << reader->pauses << " times, writing " << writer->pauses
              << "; largest write buffer " << writer->largest << " bytes, resident memory grew by "
              << growth / 1024 << " KiB"
              << (asyncio_test::sanitized ? " (not judged: sanitizer)\n" : "\n");
    co_return reader->received == total && reader->right && reader->clean && writer->pauses > 10 &&
        writer->largest <= allowed_buffer && (asyncio_test::sanitized || growth < allowed_growth);
}

} // namespace

int main(int argc, char** argv) {
    const std::string kind = argc > 1 ? argv[1] : "tcp";
    return asyncio::run(check(kind == "tls")) ? EXIT_SUCCESS : EXIT_FAILURE;
}
