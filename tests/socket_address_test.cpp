// SocketAddress: its parts, its text, its order, and the system's form of it.
// own loop only
#include <asyncio/asyncio.hpp>

#include "support/print.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

using asyncio::SocketAddress;
using asyncio_test::error_of;
using namespace std::string_view_literals;

BOOST_AUTO_TEST_SUITE(socket_address)

BOOST_AUTO_TEST_CASE(addresses_print_as_pythons_tuples) {
    BOOST_TEST(SocketAddress("127.0.0.1", 80).str() == "('127.0.0.1', 80)");
    BOOST_TEST(SocketAddress("::1", 80, 1, 2).str() == "('::1', 80, 1, 2)");
    BOOST_TEST(SocketAddress::unix_path("/tmp/it's").str() == "\"/tmp/it's\"");
    BOOST_TEST(SocketAddress().str() == "None");
}

BOOST_AUTO_TEST_CASE(addresses_have_parts) {
    const SocketAddress four("10.1.2.3", 65535);
    BOOST_TEST(four.family() == AF_INET);
    BOOST_TEST(four.host() == "10.1.2.3");
    BOOST_TEST(four.port() == 65535);
    const SocketAddress six("2001:db8::1", 1, 5, 7);
    BOOST_TEST(six.family() == AF_INET6);
    BOOST_TEST(six.host() == "2001:db8::1");
    BOOST_TEST(six.flowinfo() == 5u);
    BOOST_TEST(six.scope_id() == 7u);
    BOOST_TEST(!SocketAddress());
    BOOST_TEST(SocketAddress().host() == "");
}

BOOST_AUTO_TEST_CASE(addresses_must_be_literal) {
    BOOST_CHECK_THROW(SocketAddress("localhost", 1), asyncio::ValueError);
    BOOST_CHECK_THROW(SocketAddress(std::string_view("127.0.0.1\0x", 11), 1), asyncio::ValueError);
    BOOST_CHECK_THROW(SocketAddress("127.0.0.1", 65536), asyncio::OverflowError);
    BOOST_CHECK_THROW(SocketAddress("127.0.0.1", -1), asyncio::OverflowError);
}

BOOST_AUTO_TEST_CASE(addresses_compare_by_value) {
    BOOST_TEST((SocketAddress("127.0.0.1", 1) == SocketAddress("127.0.0.1", 1)));
    BOOST_TEST((SocketAddress("127.0.0.1", 1) != SocketAddress("127.0.0.1", 2)));
    BOOST_TEST((SocketAddress("127.0.0.1", 1) != SocketAddress("127.0.0.2", 1)));
    BOOST_TEST((SocketAddress::unix_path("/a") == SocketAddress::unix_path("/a")));
    BOOST_TEST((SocketAddress::unix_path("/a") != SocketAddress::unix_path("/b")));
    BOOST_TEST((SocketAddress::unix_path("") != SocketAddress()));
}

BOOST_AUTO_TEST_CASE(addresses_survive_the_systems_form) {
    const SocketAddress all[] = {
        SocketAddress("127.0.0.1", 4242),
        SocketAddress("fe80::1", 80, 3, 4),
        SocketAddress::unix_path("/run/x.sock"),
        SocketAddress::unix_path(std::string("\0abstract", 9)),
    };
    for (const SocketAddress& address : all) {
        sockaddr_storage storage;
        const std::size_t size = address.to(&storage);
        BOOST_TEST((SocketAddress::from(&storage, size) == address), address.str());
    }
    const sockaddr unknown{};
    BOOST_TEST(!SocketAddress::from(&unknown, sizeof unknown));
    BOOST_TEST(SocketAddress().to(nullptr) == 0u);
}

// The texts are what Python shows of sock.getsockname().
BOOST_AUTO_TEST_CASE(unix_addresses_print_as_str_or_bytes) {
    const SocketAddress path = SocketAddress::unix_path("/run/x.sock");
    BOOST_TEST(path.family() == AF_UNIX);
    BOOST_TEST(path.host() == "/run/x.sock");
    BOOST_TEST(path.port() == 0);
    BOOST_TEST(path.str() == "'/run/x.sock'");
    const SocketAddress abstract = SocketAddress::unix_path("\0name"sv);
    BOOST_TEST(abstract.family() == AF_UNIX);
    BOOST_TEST(abstract.host() == "\0name"sv);
    BOOST_TEST(abstract.str() == "b'\\x00name'");
    BOOST_TEST(SocketAddress::unix_path("").str() == "''"); // a socket without a name
    BOOST_TEST(bool(SocketAddress::unix_path("")));
}

BOOST_AUTO_TEST_CASE(addresses_are_ordered_by_family_address_and_port) {
    const std::vector<SocketAddress> ordered = {
        SocketAddress(),
        SocketAddress::unix_path("/a"),
        SocketAddress::unix_path("/b"),
        SocketAddress("10.0.0.2", 80),
        SocketAddress("10.0.0.10", 7),
        SocketAddress("10.0.0.10", 80),
        SocketAddress("::1", 80),
        SocketAddress("::1", 80, 1),
        SocketAddress("::1", 80, 1, 1),
        SocketAddress("::2", 1),
    };
    for (std::size_t i = 0; i < ordered.size(); ++i)
        for (std::size_t j = 0; j < ordered.size(); ++j)
            BOOST_TEST(((ordered[i] <=> ordered[j]) == (i <=> j)),
                       ordered[i].str() + " and " + ordered[j].str());
}

BOOST_AUTO_TEST_CASE(errors_say_what_is_wrong) {
    BOOST_TEST(error_of([] { SocketAddress("localhost", 1); }) ==
               "ValueError(\"'localhost' does not appear to be an IPv4 or IPv6 address\")");
    BOOST_TEST(error_of([] { SocketAddress("1.2.3", 1); }).starts_with("ValueError("));
    BOOST_TEST(error_of([] { SocketAddress("127.0.0.1\0x"sv, 1); }) ==
               "ValueError('embedded null character')");
    BOOST_TEST(error_of([] { SocketAddress("::1", 65536); }) ==
               "OverflowError('port must be 0-65535.')");
}

// Flow and scope belong to IPv6 only.
BOOST_AUTO_TEST_CASE(an_ipv4_address_has_neither_flow_nor_scope) {
    const SocketAddress four("127.0.0.1", 80, 5, 7);
    BOOST_TEST(four.flowinfo() == 0u);
    BOOST_TEST(four.scope_id() == 0u);
    BOOST_TEST(four == SocketAddress("127.0.0.1", 80));
}

// A path that does not fit is cut, never written beyond the structure; a short form is no address.
BOOST_AUTO_TEST_CASE(the_systems_form_has_a_size) {
    std::array<std::byte, sizeof(sockaddr_storage)> memory;
    memory.fill(std::byte{0x5a});
    const std::string longest(sizeof(sockaddr_un::sun_path) - 1, 'p');
    const SocketAddress too_long = SocketAddress::unix_path(longest + "and more");
    const std::size_t size = too_long.to(memory.data());
    BOOST_TEST(size == sizeof(sockaddr_un));
    BOOST_TEST(SocketAddress::from(memory.data(), size) == SocketAddress::unix_path(longest));
    BOOST_TEST(std::all_of(memory.begin() + sizeof(sockaddr_un), memory.end(),
                           [](std::byte b) { return b == std::byte{0x5a}; }));
    sockaddr_storage storage;
    BOOST_TEST(SocketAddress("127.0.0.1", 1).to(&storage) == sizeof(sockaddr_in));
    BOOST_TEST(!SocketAddress::from(&storage, sizeof(sockaddr_in) - 1));
    BOOST_TEST(SocketAddress("::1", 1).to(&storage) == sizeof(sockaddr_in6));
    BOOST_TEST(!SocketAddress::from(&storage, sizeof(sockaddr_in6) - 1));
}

BOOST_AUTO_TEST_SUITE_END()
