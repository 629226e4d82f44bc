// What names an address before it is resolved, and what getaddrinfo() gives.
#include <asyncio/asyncio.hpp>

#include "support/print.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <netdb.h>
#include <sys/socket.h>

using asyncio::AddressArg;
using asyncio::AddressInfo;
using asyncio::Coroutine;
using asyncio::HostArg;
using asyncio::PortArg;
using asyncio::SocketAddress;
using asyncio_test::repr_of;
using asyncio_test::run;

namespace {

using Hosts = std::vector<std::optional<std::string>>;

} // namespace

BOOST_AUTO_TEST_SUITE(address_info)

BOOST_AUTO_TEST_CASE(a_host_is_none_a_text_or_several) {
    const Hosts none = {std::nullopt};
    BOOST_TEST((HostArg().list() == none));
    BOOST_TEST((HostArg(nullptr).list() == none));
    BOOST_TEST((HostArg(std::nullopt).list() == none));
    BOOST_TEST((HostArg(static_cast<const char*>(nullptr)).list() == none));
    BOOST_TEST((HostArg(std::optional<std::string>()).list() == none));
    BOOST_TEST(HostArg().none());
    BOOST_TEST((HostArg("a").list() == Hosts{"a"}));
    BOOST_TEST((HostArg(std::string("a")).list() == Hosts{"a"}));
    BOOST_TEST((HostArg(std::string_view("abc").substr(0, 1)).list() == Hosts{"a"}));
    BOOST_TEST((HostArg(std::optional<std::string>("a")).list() == Hosts{"a"}));
    const std::vector<std::string> several = {"b", "a", "b"};
    BOOST_TEST((HostArg(several).list() == Hosts{"b", "a", "b"}));
    BOOST_TEST(!HostArg(several).none());
    // An empty text is no None: for a server it means every interface.
    BOOST_TEST(!HostArg("").none());
    BOOST_TEST((HostArg("").list() == Hosts{""}));
}

BOOST_AUTO_TEST_CASE(a_port_is_none_a_number_or_a_service) {
    BOOST_TEST(PortArg().none());
    BOOST_TEST(PortArg(nullptr).none());
    BOOST_TEST(PortArg(std::nullopt).none());
    BOOST_TEST(!PortArg().text().has_value());
    BOOST_TEST(!PortArg(0).none());
    BOOST_TEST(PortArg(0).text().value() == "0");
    BOOST_TEST(PortArg(std::uint16_t{65535}).text().value() == "65535");
    BOOST_TEST(PortArg(-1).text().value() == "-1"); // it is checked where it is used
    BOOST_TEST(PortArg("http").text().value() == "http");
    BOOST_TEST(PortArg(std::string("80")).text().value() == "80");
    const AddressArg both("localhost", 80);
    BOOST_TEST((both.host().list() == Hosts{"localhost"}));
    BOOST_TEST(both.port().text().value() == "80");
}

BOOST_AUTO_TEST_CASE(answers_compare_by_all_their_parts) {
    const AddressInfo one{AF_INET, SOCK_STREAM, 6, "name", SocketAddress("127.0.0.1", 80)};
    AddressInfo other = one;
    BOOST_TEST((one == other));
    other.canonname = "";
    BOOST_TEST((one != other));
    other = one;
    other.address = SocketAddress("127.0.0.1", 81);
    BOOST_TEST((one != other));
    other = one;
    other.proto = 17;
    BOOST_TEST((one != other));
}

// DNS-05: without a kind of socket, an answer for each
BOOST_AUTO_TEST_CASE(getaddrinfo_answers_for_every_kind_of_socket) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const auto answers = co_await loop.getaddrinfo("127.0.0.1", 80);
        std::set<int> types;
        for (const AddressInfo& answer : answers) {
            BOOST_TEST(answer.family == AF_INET);
            BOOST_TEST(answer.address == SocketAddress("127.0.0.1", 80));
            BOOST_TEST(answer.canonname == "");
            types.insert(answer.type);
        }
        BOOST_TEST((types == std::set<int>{SOCK_STREAM, SOCK_DGRAM, SOCK_RAW}));
        const auto streams = co_await loop.getaddrinfo("127.0.0.1", "80", {.type = SOCK_STREAM});
        BOOST_REQUIRE(streams.size() == 1u);
        const AddressInfo expected{AF_INET, SOCK_STREAM, IPPROTO_TCP, "",
                                   SocketAddress("127.0.0.1", 80)};
        BOOST_TEST((streams.front() == expected));
        const auto datagrams = co_await loop.getaddrinfo("::1", 80, {.proto = IPPROTO_UDP});
        BOOST_REQUIRE(datagrams.size() == 1u);
        BOOST_TEST(datagrams.front().type == SOCK_DGRAM);
        BOOST_TEST(datagrams.front().address == SocketAddress("::1", 80));
    });
}

// DNS-05: None is every interface for who listens, and the own machine for who connects
BOOST_AUTO_TEST_CASE(none_is_this_host) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const auto passive = co_await loop.getaddrinfo(
            nullptr, 80, {.family = AF_INET, .type = SOCK_STREAM, .flags = AI_PASSIVE});
        BOOST_REQUIRE(passive.size() == 1u);
        BOOST_TEST(passive.front().address == SocketAddress("0.0.0.0", 80));
        const auto active =
            co_await loop.getaddrinfo(nullptr, 80, {.family = AF_INET, .type = SOCK_STREAM});
        BOOST_REQUIRE(active.size() == 1u);
        BOOST_TEST(active.front().address == SocketAddress("127.0.0.1", 80));
        const auto canonical = co_await loop.getaddrinfo(
            "127.0.0.1", nullptr,
            {.family = AF_INET, .type = SOCK_STREAM, .flags = AI_CANONNAME | AI_NUMERICHOST});
        BOOST_REQUIRE(canonical.size() == 1u);
        BOOST_TEST(canonical.front().canonname == "127.0.0.1");
        BOOST_TEST(canonical.front().address.port() == 0);
    });
}

// DNS-01
BOOST_AUTO_TEST_CASE(a_question_without_an_answer_is_a_gaierror) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        std::string error = co_await repr_of(loop.getaddrinfo(nullptr, nullptr));
        BOOST_TEST(error == "gaierror(-2, 'Name or service not known')");
        error = co_await repr_of(loop.getaddrinfo("localhost", 80, {.flags = AI_NUMERICHOST}));
        BOOST_TEST(error == "gaierror(-2, 'Name or service not known')");
        error = co_await repr_of(loop.getaddrinfo("127.0.0.1", "80", {.type = 77}));
        BOOST_TEST(error == "gaierror(-7, 'ai_socktype not supported')");
    });
}

BOOST_AUTO_TEST_SUITE_END()
