// Protocols: what they do when nothing is overridden, and feeding a buffered one by copies.
#include <asyncio/exceptions.hpp>
#include <asyncio/protocols.hpp>
#include <asyncio/transports.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(protocols)

BOOST_AUTO_TEST_CASE(every_callback_is_optional) {
    asyncio::Protocol stream;
    stream.connection_made(nullptr);
    stream.data_received("x");
    BOOST_TEST(!stream.eof_received());
    stream.pause_writing();
    stream.resume_writing();
    stream.connection_lost(nullptr);
    asyncio::BufferedProtocol buffered;
    buffered.connection_made(nullptr);
    BOOST_TEST(buffered.get_buffer(-1).empty());
    buffered.buffer_updated(0);
    BOOST_TEST(!buffered.eof_received());
}

namespace {

struct Small : asyncio::BufferedProtocol {
    std::span<std::byte> get_buffer(std::ptrdiff_t sizehint) override {
        hints.push_back(sizehint);
        return buffer;
    }
    void buffer_updated(std::size_t nbytes) override {
        received.append(reinterpret_cast<const char*>(buffer.data()), nbytes);
    }
    std::vector<std::byte> buffer = std::vector<std::byte>(4);
    std::vector<std::ptrdiff_t> hints;
    std::string received;
};

} // namespace

// PRO-04
BOOST_AUTO_TEST_CASE(copied_data_is_split_over_buffers) {
    Small protocol;
    asyncio::detail::feed_data_to_buffered_proto(protocol, "0123456789");
    BOOST_TEST(protocol.received == "0123456789");
    BOOST_TEST((protocol.hints == std::vector<std::ptrdiff_t>{10, 6, 2}));
    asyncio::detail::feed_data_to_buffered_proto(protocol, "");
    BOOST_TEST(protocol.hints.size() == 3u);
}

// PRO-03
BOOST_AUTO_TEST_CASE(an_empty_buffer_is_an_error) {
    Small protocol;
    protocol.buffer.clear();
    BOOST_CHECK_EXCEPTION(
        asyncio::detail::feed_data_to_buffered_proto(protocol, "x"), asyncio::RuntimeError,
        [](const auto& e) { return e.str() == "get_buffer() returned an empty buffer"; });
}

BOOST_AUTO_TEST_SUITE_END()
