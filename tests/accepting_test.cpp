// How a server accepts: factories that fail, a full backlog, errors.
#include <asyncio/asyncio.hpp>

#include "support/network.hpp"
#include "support/print.hpp"
#include "support/quiet_clients.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

using asyncio::Coroutine;
using asyncio_test::client_of;
using asyncio_test::port_of;
using asyncio_test::Quiet;
using asyncio_test::quiet_server;
using asyncio_test::run;
using asyncio_test::Trace;

BOOST_AUTO_TEST_SUITE(accepting)

// PRO-06, SRV-07
BOOST_AUTO_TEST_CASE(a_failing_factory_drops_only_its_connection) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        Trace messages;
        loop.set_exception_handler(
            [&](auto&, const auto& context) { messages.push_back(context.message); });
        int calls = 0;
        auto factory = [&calls] {
            if (++calls != 2) throw asyncio::ValueError("factory");
            return std::make_shared<Quiet>();
        };
        auto server = co_await loop.create_server(factory, "127.0.0.1", 0);
        auto dropped = co_await client_of(port_of(server));
        co_await dropped->lost.wait();
        BOOST_TEST(messages.empty());
        auto kept = co_await client_of(port_of(server));
        loop.set_debug(true);
        auto reported = co_await client_of(port_of(server));
        co_await reported->lost.wait();
        BOOST_TEST((messages == Trace{"Error on transport creation for incoming connection"}));
        BOOST_TEST(!kept->lost.is_set());
        kept->transport->close();
        loop.set_debug(false);
        server.close();
        co_await server.wait_closed();
        loop.set_exception_handler({});
    });
}

// SRV-06
BOOST_AUTO_TEST_CASE(another_error_of_accept_is_reported_as_that_of_a_callback) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto server = co_await quiet_server();
        Trace messages;
        loop.set_exception_handler([&](auto&, const auto& context) {
            messages.push_back(context.message + ' ' + asyncio::repr(context.exception));
            server.close();
        });
        // A socket that has stopped listening is ready for an accept that fails.
        ::shutdown(server.sockets().at(0).fileno(), SHUT_RD);
        co_await server.wait_closed();
        BOOST_REQUIRE(messages.size() == 1u);
        BOOST_TEST(messages[0].starts_with("Exception in callback "));
        BOOST_TEST(messages[0].ends_with(" OSError(22, 'Invalid argument')"));
        loop.set_exception_handler({});
    });
}

// SRV-06: everything the system has queued is accepted in one go
BOOST_AUTO_TEST_CASE(a_full_backlog_is_accepted_at_once) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        int made = 0;
        auto factory = [&made] {
            ++made;
            return std::make_shared<Quiet>();
        };
        auto server = co_await loop.create_server(factory, "127.0.0.1", 0, {.backlog = 20});
        std::vector<int> clients;
        sockaddr_storage storage;
        const auto size = static_cast<socklen_t>(server.sockets().at(0).getsockname().to(&storage));
        for (int i = 0; i < 20; ++i) {
            clients.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
            BOOST_REQUIRE(::connect(clients.back(), reinterpret_cast<sockaddr*>(&storage), size) ==
                          0);
        }
        while (made == 0) co_await asyncio::sleep(0);
        BOOST_TEST(made == 20);
        for (const int client : clients) ::close(client);
        server.close();
        co_await server.wait_closed();
    });
}

BOOST_AUTO_TEST_SUITE_END()
