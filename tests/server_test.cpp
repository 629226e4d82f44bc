// Server: serving, closing, waiting for clients, accepting under pressure.
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using asyncio::Coroutine;
using asyncio::Server;
using asyncio_test::run;

namespace {

using Log = std::vector<std::string>;

int port_of(const Server& server) { return server.sockets().at(0).getsockname().port(); }

// Sends nothing; knows when its connection is lost.
struct Quiet : asyncio::Protocol {
    void connection_made(std::shared_ptr<asyncio::Transport> t) override {
        transport = std::move(t);
        made.set();
    }
    void connection_lost(std::exception_ptr) override {
        transport.reset();
        lost.set();
    }
    std::shared_ptr<asyncio::Transport> transport;
    asyncio::Event made;
    asyncio::Event lost;
};

auto quiet() {
    return [] { return std::make_shared<Quiet>(); };
}

Coroutine<std::shared_ptr<Quiet>> client_of(int port) {
    auto& loop = asyncio::get_running_loop();
    auto connected = co_await loop.create_connection(quiet(), "127.0.0.1", port);
    co_return connected.second;
}

Coroutine<> wait_closed(Server server, std::string name, Log& log) {
    co_await server.wait_closed();
    log.push_back(name);
}

Coroutine<> serve(Server server, Log& log) {
    try {
        co_await server.serve_forever();
    } catch (const asyncio::CancelledError&) {
        log.push_back("cancelled");
        throw;
    } catch (const asyncio::RuntimeError& error) {
        log.push_back(error.str());
    }
}

// A server whose only connection is this client's.
struct Pair {
    Server server;
    std::shared_ptr<Quiet> accepted;
    std::shared_ptr<Quiet> client;
};
Coroutine<Pair> connect_pair() {
    auto& loop = asyncio::get_running_loop();
    auto accepted = std::make_shared<Quiet>();
    auto server = co_await loop.create_server(accepted, "127.0.0.1", 0);
    auto client = co_await client_of(port_of(server));
    co_await accepted->made.wait();
    co_return Pair{server, accepted, client};
}

// Waits for the end of a task, whatever it is.
template <class T>
Coroutine<> ended(asyncio::Task<T> task) {
    const std::vector<asyncio::Task<T>> one(1, task);
    co_await asyncio::wait(one);
}

} // namespace

BOOST_AUTO_TEST_SUITE(server)

// SRV-01
BOOST_AUTO_TEST_CASE(close_stops_listening_and_leaves_connections) {
    run([]() -> Coroutine<> {
        Pair pair = co_await connect_pair();
        const int port = port_of(pair.server);
        BOOST_TEST(pair.server.is_serving());
        BOOST_TEST(&pair.server.get_loop() == &asyncio::get_running_loop());
        pair.server.close();
        pair.server.close();
        BOOST_TEST(!pair.server.is_serving());
        BOOST_TEST(pair.server.sockets().empty());
        BOOST_TEST(pair.server.repr() == "<Server sockets=()>");
        bool refused = false;
        try {
            co_await client_of(port);
        } catch (const asyncio::ConnectionRefusedError&) {
            refused = true;
        }
        BOOST_TEST(refused);
        BOOST_TEST(!pair.accepted->lost.is_set());
        pair.client->transport->close();
        co_await pair.accepted->lost.wait();
    });
}

// SRV-02, SRV-03
BOOST_AUTO_TEST_CASE(wait_closed_waits_for_close_and_for_the_last_connection) {
    run([]() -> Coroutine<> {
        Log log;
        Pair pair = co_await connect_pair();
        auto early =
            asyncio::create_task(wait_closed, pair.server, std::string("early"), std::ref(log));
        auto cancelled =
            asyncio::create_task(wait_closed, pair.server, std::string("never"), std::ref(log));
        co_await asyncio::sleep(0);
        pair.server.close();
        auto late =
            asyncio::create_task(wait_closed, pair.server, std::string("late"), std::ref(log));
        cancelled.cancel();
        for (int i = 0; i < 5; ++i) co_await asyncio::sleep(0);
        BOOST_TEST(cancelled.cancelled());
        BOOST_TEST(log.empty());
        pair.client->transport->close();
        co_await early;
        co_await late;
        BOOST_TEST((log == Log{"early", "late"}));
        co_await pair.server.wait_closed();
    });
}

// SRV-02: as in 3.12.1, an idle server that is open has not ended
BOOST_AUTO_TEST_CASE(wait_closed_does_not_return_before_close) {
    run([]() -> Coroutine<> {
        Log log;
        auto& loop = asyncio::get_running_loop();
        auto server = co_await loop.create_server(quiet(), "127.0.0.1", 0);
        auto waiting =
            asyncio::create_task(wait_closed, server, std::string("done"), std::ref(log));
        for (int i = 0; i < 5; ++i) co_await asyncio::sleep(0);
        BOOST_TEST(!waiting.done());
        server.close();
        co_await waiting;
    });
}

// SRV-04
BOOST_AUTO_TEST_CASE(serve_forever_ends_by_cancellation_only) {
    run([]() -> Coroutine<> {
        Log log;
        auto& loop = asyncio::get_running_loop();
        auto server =
            co_await loop.create_server(quiet(), "127.0.0.1", 0, {.start_serving = false});
        BOOST_TEST(!server.is_serving());
        auto first = asyncio::create_task(serve, server, std::ref(log));
        co_await asyncio::sleep(0);
        BOOST_TEST(server.is_serving());
        co_await serve(server, log);
        BOOST_TEST(log.size() == 1u);
        BOOST_TEST(log.back().find("is already being awaited on serve_forever()") !=
                   std::string::npos);
        first.cancel();
        co_await ended(first);
        BOOST_TEST(first.cancelled());
        BOOST_TEST(log.back() == "cancelled");
        BOOST_TEST(!server.is_serving());
        co_await serve(server, log);
        BOOST_TEST(log.back() == "server <Server sockets=()> is closed");
    });
}

// SRV-04
BOOST_AUTO_TEST_CASE(close_cancels_serve_forever) {
    run([]() -> Coroutine<> {
        Log log;
        auto& loop = asyncio::get_running_loop();
        auto server = co_await loop.create_server(quiet(), "127.0.0.1", 0);
        auto task = asyncio::create_task(serve, server, std::ref(log));
        co_await asyncio::sleep(0);
        server.close();
        co_await ended(task);
        BOOST_TEST(task.cancelled());
    });
}

// SRV-04: cancelling waits for the connections
BOOST_AUTO_TEST_CASE(a_cancelled_serve_forever_waits_for_connections) {
    run([]() -> Coroutine<> {
        Log log;
        Pair pair = co_await connect_pair();
        auto task = asyncio::create_task(serve, pair.server, std::ref(log));
        co_await asyncio::sleep(0);
        task.cancel();
        for (int i = 0; i < 5; ++i) co_await asyncio::sleep(0);
        BOOST_TEST(!pair.server.is_serving());
        BOOST_TEST(!task.done());
        pair.client->transport->close();
        co_await ended(task);
        BOOST_TEST(task.cancelled());
    });
}

// SRV-05
BOOST_AUTO_TEST_CASE(a_server_may_be_bound_without_listening) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto server =
            co_await loop.create_server(quiet(), "127.0.0.1", 0, {.start_serving = false});
        bool refused = false;
        try {
            co_await client_of(port_of(server));
        } catch (const asyncio::ConnectionRefusedError&) {
            refused = true;
        }
        BOOST_TEST(refused);
        co_await server.start_serving();
        co_await server.start_serving();
        auto client = co_await client_of(port_of(server));
        client->transport->close();
        server.close();
        co_await server.wait_closed();
    });
}

// SRV-08
BOOST_AUTO_TEST_CASE(clients_can_be_closed_and_aborted) {
    run([]() -> Coroutine<> {
        for (int round = 0; round < 2; ++round) {
            const bool abort = round == 1;
            Pair pair = co_await connect_pair();
            pair.accepted->transport->write("bye");
            if (abort)
                pair.server.abort_clients();
            else
                pair.server.close_clients();
            co_await pair.client->lost.wait();
            co_await pair.accepted->lost.wait();
            pair.server.close_clients();
            pair.server.close();
            co_await pair.server.wait_closed();
        }
    });
}

// SRV-02
BOOST_AUTO_TEST_CASE(shutdown_ends_a_server_whatever_its_clients_do) {
    run([]() -> Coroutine<> {
        Pair pair = co_await connect_pair();
        pair.client->transport->pause_reading();
        // More than the system buffers: close_clients() alone would wait for the client.
        pair.accepted->transport->write(std::string(16 << 20, 'x'));
        co_await pair.server.shutdown(0.01);
        BOOST_TEST(pair.accepted->lost.is_set());
        pair.client->transport->abort();
    });
}

BOOST_AUTO_TEST_CASE(async_with_closes_the_server) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto server = co_await loop.create_server(quiet(), "127.0.0.1", 0);
        bool thrown = false;
        try {
            co_await asyncio::async_with(server, [](Server inside) -> Coroutine<> {
                BOOST_TEST(inside.is_serving());
                throw asyncio::ValueError("leave");
                co_return;
            });
        } catch (const asyncio::ValueError&) {
            thrown = true;
        }
        BOOST_TEST(thrown);
        BOOST_TEST(!server.is_serving());
    });
}

// PRO-06, SRV-07
BOOST_AUTO_TEST_CASE(a_failing_factory_drops_only_its_connection) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        Log messages;
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
        BOOST_TEST((messages == Log{"Error on transport creation for incoming connection"}));
        BOOST_TEST(!kept->lost.is_set());
        kept->transport->close();
        loop.set_debug(false);
        server.close();
        co_await server.wait_closed();
        loop.set_exception_handler({});
    });
}

// UBSan looks at virtual calls through a pipe of its own, and takes it for an error that there is
// no descriptor for it: these cases are not for its builds.
#if defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
#define NEEDS_DESCRIPTORS
#endif
#endif
#ifndef NEEDS_DESCRIPTORS

namespace {

// Leaves the process no descriptor.
class NoDescriptors {
public:
    NoDescriptors() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const int next = ::dup(0);
        ::close(next);
        rlimit none = before_;
        none.rlim_cur = static_cast<rlim_t>(next);
        ::setrlimit(RLIMIT_NOFILE, &none);
    }
    ~NoDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

private:
    rlimit before_{};
};

} // namespace

// SRV-06
BOOST_AUTO_TEST_CASE(without_descriptors_accepting_pauses_for_a_second) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        Log messages;
        asyncio::Event reported;
        loop.set_exception_handler([&](auto&, const auto& context) {
            messages.push_back(context.message + ' ' + asyncio::type_name(context.exception) +
                               (context.socket.empty() ? "" : " socket"));
            reported.set();
        });
        auto server = co_await loop.create_server(quiet(), "127.0.0.1", 0);
        const int spare = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_storage storage;
        const auto size = static_cast<socklen_t>(server.sockets().at(0).getsockname().to(&storage));
        const double start = loop.time();
        {
            const NoDescriptors none;
            BOOST_REQUIRE(::connect(spare, reinterpret_cast<sockaddr*>(&storage), size) == 0);
            co_await reported.wait();
            for (int i = 0; i < 100; ++i) co_await asyncio::sleep(0);
        }
        BOOST_TEST((messages == Log{"socket.accept() out of system resource OSError socket"}));
        char byte;
        BOOST_TEST(::recv(spare, &byte, 1, MSG_DONTWAIT) == -1);
        auto client = co_await client_of(port_of(server)); // in the system's queue
        co_await asyncio::sleep(asyncio::constants::ACCEPT_RETRY_DELAY + 0.05);
        BOOST_TEST(loop.time() - start >= asyncio::constants::ACCEPT_RETRY_DELAY);
        server.close_clients();
        co_await client->lost.wait();
        BOOST_TEST(::recv(spare, &byte, 1, 0) == 0);
        ::close(spare);
        server.close();
        co_await server.wait_closed();
        loop.set_exception_handler({});
    });
}

// SRV-06: the retry does not come back to life
BOOST_AUTO_TEST_CASE(a_server_that_is_closed_during_the_pause_stays_closed) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto server = co_await loop.create_server(quiet(), "127.0.0.1", 0);
        asyncio::Event reported;
        loop.set_exception_handler([&](auto&, const auto&) {
            reported.set();
            server.close();
        });
        const int spare = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_storage storage;
        const auto size = static_cast<socklen_t>(server.sockets().at(0).getsockname().to(&storage));
        {
            const NoDescriptors none;
            BOOST_REQUIRE(::connect(spare, reinterpret_cast<sockaddr*>(&storage), size) == 0);
            co_await reported.wait();
        }
        co_await server.wait_closed();
        co_await asyncio::sleep(asyncio::constants::ACCEPT_RETRY_DELAY + 0.05);
        ::close(spare);
        loop.set_exception_handler({});
    });
}

#endif

// SRV-06
BOOST_AUTO_TEST_CASE(another_error_of_accept_is_reported_as_that_of_a_callback) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto server = co_await loop.create_server(quiet(), "127.0.0.1", 0);
        Log messages;
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

// TRN-15, SRV-09
BOOST_AUTO_TEST_CASE(closing_the_loop_closes_the_server) {
    asyncio::warnings::Capture captured;
    Server server;
    {
        const auto loop = asyncio::new_event_loop();
        loop->run_until_complete([&]() -> Coroutine<> {
            Pair pair = co_await connect_pair();
            server = pair.server;
        }());
        loop->close();
    }
    BOOST_TEST(!server.is_serving());
    BOOST_TEST(server.sockets().empty());
    server.close();
    server.close_clients();
    BOOST_TEST(captured.contains("unclosed transport"));
}

BOOST_AUTO_TEST_CASE(an_empty_handle_is_none) {
    const Server none;
    BOOST_TEST(!none);
    BOOST_TEST(none.repr() == "None");
    BOOST_CHECK_THROW(none.close(), asyncio::RuntimeError);
    BOOST_CHECK_THROW(static_cast<void>(none.wait_closed()), asyncio::RuntimeError);
}

BOOST_AUTO_TEST_SUITE_END()
