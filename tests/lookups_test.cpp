// Names and their addresses: what connections and servers ask the resolver, and getaddrinfo itself.
#include <asyncio/asyncio.hpp>

#include "support/failures.hpp"
#include "support/network.hpp"
#include "support/print.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <netdb.h>
#include <sys/socket.h>

using asyncio::Coroutine;
using asyncio_test::ended;
using asyncio_test::fails;
using asyncio_test::failure_of;
using asyncio_test::plain;
using asyncio_test::port_of;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::Trace;

BOOST_AUTO_TEST_SUITE(lookups)

namespace {

// A loop that resolves names by a table.
class TableLoop : public asyncio::EventLoop {
public:
    Coroutine<std::vector<asyncio::AddressInfo>> resolve(asyncio::AddressQuery query) override {
        asked.push_back(query.host.value_or("None") + ' ' + query.service.value_or("None") + ' ' +
                        std::to_string(query.type) + ' ' + std::to_string(query.flags));
        std::vector<asyncio::AddressInfo> answers;
        for (const auto& address : table)
            answers.push_back({address.family(), query.type, 0, "", address});
        co_return answers;
    }
    std::vector<asyncio::SocketAddress> table;
    Trace asked;
};

template <class F>
void run_with_table(F body) {
    const auto loop = std::make_shared<TableLoop>();
    loop->run_until_complete(body(*loop));
    loop->close();
}

} // namespace

// CON-04
BOOST_AUTO_TEST_CASE(addresses_are_tried_one_after_another) {
    run_with_table([](TableLoop& loop) -> Coroutine<> {
        auto server = co_await loop.create_server(plain(), "127.0.0.1", 0);
        const int port = port_of(server);
        loop.table = {{"127.0.0.2", port}, {"127.0.0.3", port}, {"127.0.0.1", port}};
        auto pair = co_await loop.create_connection(plain(), "somewhere", 7);
        BOOST_TEST((loop.asked == Trace{"somewhere 7 1 0"}));
        pair.first->close();
        loop.table.pop_back();
        const auto failed = [port](const char* host) {
            return std::string("[Errno 111] Connect call failed ('") + host + "', " +
                   std::to_string(port) + ')';
        };
        co_await fails(loop.create_connection(plain(), "somewhere", 7),
                       "OSError: Multiple exceptions: " + failed("127.0.0.2") + ", " +
                           failed("127.0.0.3"));
        Trace all;
        try {
            co_await loop.create_connection(plain(), "somewhere", 7, {.all_errors = true});
        } catch (const asyncio::ExceptionGroup& group) {
            all.push_back(group.message());
            for (const auto& error : group.exceptions()) all.push_back(asyncio::str(error));
        }
        BOOST_TEST(
            (all == Trace{"create_connection failed", failed("127.0.0.2"), failed("127.0.0.3")}));
        // Errors with one text are one error.
        loop.table[1] = loop.table[0];
        co_await fails(loop.create_connection(plain(), "somewhere", 7),
                       "ConnectionRefusedError: " + failed("127.0.0.2"));
        loop.table.clear();
        co_await fails(loop.create_connection(plain(), "somewhere", 7),
                       "OSError: getaddrinfo() returned empty list");
        server.close();
        co_await server.wait_closed();
    });
}

// CON-03
BOOST_AUTO_TEST_CASE(literal_addresses_are_not_looked_up) {
    run_with_table([](TableLoop& loop) -> Coroutine<> {
        auto server = co_await loop.create_server(plain(), "127.0.0.1", 0);
        const std::string port = std::to_string(port_of(server));
        auto pair = co_await loop.create_connection(plain(), "127.0.0.1", port);
        pair.first->close();
        BOOST_TEST(loop.asked.empty());
        const std::vector<std::pair<std::string, std::string>> names = {
            {"127.0.0.1", "http"}, {"::1%lo", "80"}, {"127.0.0.1.", "80"}};
        for (const auto& [host, service] : names)
            co_await failure_of(loop.create_connection(plain(), host, service));
        BOOST_TEST(
            (loop.asked == Trace{"127.0.0.1 http 1 0", "::1%lo 80 1 0", "127.0.0.1. 80 1 0"}));
        loop.asked.clear();
        co_await failure_of(loop.create_connection(plain(), "127.0.0.1", 1, {.family = AF_INET6}));
        co_await failure_of(loop.create_server(plain(), "", 0));
        co_await failure_of(loop.create_server(plain(), nullptr, 80));
        BOOST_TEST((loop.asked == Trace{"127.0.0.1 1 1 0", "None 0 1 1", "None 80 1 1"}));
        server.close();
        co_await server.wait_closed();
    });
}

// DNS-01
BOOST_AUTO_TEST_CASE(a_host_that_does_not_exist_is_a_gaierror) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        int code = 0;
        try {
            co_await loop.create_connection(plain(), "no.such.host.invalid", 80);
        } catch (const asyncio::gaierror& error) {
            code = error.err();
        }
        BOOST_TEST((code == EAI_NONAME || code == EAI_AGAIN));
        co_await fails(loop.create_connection(plain(), "127.0.0.1", "no-service"),
                       "gaierror: [Errno -8] Servname not supported for ai_socktype");
    });
}

// DNS-05
BOOST_AUTO_TEST_CASE(names_are_resolved) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const auto answers =
            co_await loop.getaddrinfo("localhost", 80, {.family = AF_INET, .type = SOCK_STREAM});
        BOOST_REQUIRE(!answers.empty());
        BOOST_TEST(answers.front().address.str() == "('127.0.0.1', 80)");
        BOOST_TEST(answers.front().type == SOCK_STREAM);
        auto server = co_await loop.create_server(plain(), "localhost", 0, {.family = AF_INET});
        auto pair = co_await loop.create_connection(plain(), "localhost", port_of(server));
        pair.first->close();
        server.close();
        co_await server.wait_closed();
    });
}

// DNS-02, DNS-04: more lookups than threads; whoever is cancelled does not wait for his
BOOST_AUTO_TEST_CASE(a_cancelled_lookup_returns_at_once) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        for (int turns = 0; turns < 4; ++turns) {
            auto task = asyncio::create_task(loop.getaddrinfo("localhost", 80));
            co_await ticks(turns);
            task.cancel();
            co_await ended(task);
        }
        std::vector<asyncio::Task<std::vector<asyncio::AddressInfo>>> many;
        for (int i = 0; i < 100; ++i)
            many.push_back(asyncio::create_task(loop.getaddrinfo("localhost", 80)));
        const auto answers = co_await asyncio::gather(many);
        BOOST_TEST(answers.size() == 100u);
        for (const auto& answer : answers) BOOST_TEST(!answer.empty());
    });
}

// DNS-02: nothing waits for the resolver when the loop is closed
BOOST_AUTO_TEST_CASE(a_loop_closes_under_a_lookup) {
    asyncio::LogCapture captured;
    const auto loop = asyncio::new_event_loop();
    loop->run_until_complete([](asyncio::AbstractEventLoop& l) -> Coroutine<> {
        auto task = l.create_task(l.getaddrinfo("localhost", 80));
        co_await asyncio::sleep(0);
    }(*loop));
    loop->close();
    BOOST_TEST(captured.contains("Task was destroyed but it is pending!"));
}

// DNS-03
BOOST_AUTO_TEST_CASE(debug_mode_logs_lookups) {
    asyncio::LogCapture captured;
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        loop.set_debug(true);
        co_await loop.getaddrinfo("localhost", 80, {.type = SOCK_STREAM});
        loop.set_debug(false);
    });
    BOOST_TEST(captured.contains("Get address info localhost:80, type=1"));
    BOOST_TEST(captured.contains("Getting address info localhost:80, type=1 took "));
}

BOOST_AUTO_TEST_SUITE_END()
