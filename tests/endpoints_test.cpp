// create_connection, create_server and getaddrinfo: arguments, addresses, errors.
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

using asyncio::Coroutine;
using asyncio_test::run;

namespace {

using Log = std::vector<std::string>;

auto plain() {
    return [] { return std::make_shared<asyncio::Protocol>(); };
}

int port_of(const asyncio::Server& server) { return server.sockets().at(0).getsockname().port(); }

// What awaiting the coroutine throws, as "Type: text".
template <class T>
Coroutine<std::string> error_of(Coroutine<T> coroutine) {
    std::string error = "nothing";
    try {
        co_await std::move(coroutine);
    } catch (const asyncio::Exception& e) {
        error = asyncio::type_name(e) + ": " + e.str();
    }
    co_return error;
}
template <class T>
Coroutine<> fails(Coroutine<T> coroutine, std::string expected) {
    const std::string error = co_await error_of(std::move(coroutine));
    BOOST_TEST(error == expected);
}
template <class T>
Coroutine<> fails_like(Coroutine<T> coroutine, std::string start) {
    const std::string error = co_await error_of(std::move(coroutine));
    BOOST_TEST(error.starts_with(start), error);
}

Coroutine<asyncio::Server> listen() {
    return asyncio::get_running_loop().create_server(plain(), "127.0.0.1", 0);
}

int open_descriptors() {
    int count = 0;
    for (int fd = 0; fd < 256; ++fd) count += ::fcntl(fd, F_GETFD) != -1;
    return count;
}

// Waits for the end of a task, whatever it is.
template <class T>
Coroutine<> ended(asyncio::Task<T> task) {
    const std::vector<asyncio::Task<T>> one(1, task);
    co_await asyncio::wait(one);
}

} // namespace

BOOST_AUTO_TEST_SUITE(endpoints)

// CON-08
BOOST_AUTO_TEST_CASE(a_connection_is_made_before_the_caller_goes_on) {
    struct Client : asyncio::Protocol {
        void connection_made(std::shared_ptr<asyncio::Transport> t) override { transport = t; }
        std::shared_ptr<asyncio::Transport> transport;
    };
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto server = co_await listen();
        auto pair = co_await loop.create_connection([] { return std::make_shared<Client>(); },
                                                    "127.0.0.1", port_of(server));
        auto& [transport, protocol] = pair;
        static_assert(std::is_same_v<decltype(protocol), std::shared_ptr<Client>>);
        BOOST_TEST(protocol->transport == transport);
        BOOST_TEST((transport->get_extra_info<asyncio::SocketAddress>("peername") ==
                    server.sockets().at(0).getsockname()));
        BOOST_TEST(
            (transport->get_extra_info<asyncio::SocketAddress>("sockname").host() == "127.0.0.1"));
        BOOST_TEST(!transport->get_extra_info("no such key").has_value());
        transport->close();
        protocol->transport.reset();
        server.close();
        co_await server.wait_closed();
    });
}

BOOST_AUTO_TEST_CASE(a_ready_protocol_is_taken_as_it_is) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto server = co_await listen();
        const auto mine = std::make_shared<asyncio::Protocol>();
        auto pair = co_await loop.create_connection(mine, "127.0.0.1", port_of(server));
        BOOST_TEST(pair.second == mine);
        pair.first->close();
        server.close();
        co_await server.wait_closed();
    });
}

// CON-04
BOOST_AUTO_TEST_CASE(a_refused_connection_names_the_address) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto server = co_await listen();
        const int port = port_of(server);
        server.close();
        const std::string expected = "ConnectionRefusedError: [Errno 111] Connect call failed "
                                     "('127.0.0.1', " +
                                     std::to_string(port) + ')';
        co_await fails(loop.create_connection(plain(), "127.0.0.1", port), expected);
        co_await fails(loop.create_connection(plain(), "127.0.0.1", std::to_string(port)),
                       expected);
    });
}

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
    Log asked;
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
        BOOST_TEST((loop.asked == Log{"somewhere 7 1 0"}));
        pair.first->close();
        loop.table.pop_back();
        const auto failed = [port](const char* host) {
            return std::string("[Errno 111] Connect call failed ('") + host + "', " +
                   std::to_string(port) + ')';
        };
        co_await fails(loop.create_connection(plain(), "somewhere", 7),
                       "OSError: Multiple exceptions: " + failed("127.0.0.2") + ", " +
                           failed("127.0.0.3"));
        Log all;
        try {
            co_await loop.create_connection(plain(), "somewhere", 7, {.all_errors = true});
        } catch (const asyncio::ExceptionGroup& group) {
            all.push_back(group.message());
            for (const auto& error : group.exceptions()) all.push_back(asyncio::str(error));
        }
        BOOST_TEST(
            (all == Log{"create_connection failed", failed("127.0.0.2"), failed("127.0.0.3")}));
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
            co_await error_of(loop.create_connection(plain(), host, service));
        BOOST_TEST((loop.asked == Log{"127.0.0.1 http 1 0", "::1%lo 80 1 0", "127.0.0.1. 80 1 0"}));
        loop.asked.clear();
        co_await error_of(loop.create_connection(plain(), "127.0.0.1", 1, {.family = AF_INET6}));
        co_await error_of(loop.create_server(plain(), "", 0));
        co_await error_of(loop.create_server(plain(), nullptr, 80));
        BOOST_TEST((loop.asked == Log{"127.0.0.1 1 1 0", "None 0 1 1", "None 80 1 1"}));
        server.close();
        co_await server.wait_closed();
    });
}

// CON-01
BOOST_AUTO_TEST_CASE(arguments_must_fit_together) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        co_await fails(loop.create_connection(plain(), asyncio::CreateConnectionOptions()),
                       "ValueError: host and port was not specified and no sock specified");
        co_await fails(loop.create_server(plain(), asyncio::CreateServerOptions()),
                       "ValueError: Neither host/port nor sock were specified");
        const std::string both =
            "ValueError: host/port and sock can not be specified at the same time";
        co_await fails(loop.create_connection(plain(), "127.0.0.1", 1, {.sock = 0}), both);
        co_await fails(loop.create_server(plain(), nullptr, 1, {.sock = 0}), both);
        const int datagram = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        const std::string stream = "ValueError: A Stream Socket was expected, got ";
        co_await fails_like(loop.create_connection(plain(), {.sock = datagram}), stream);
        co_await fails_like(loop.create_server(plain(), {.sock = datagram}), stream);
        ::close(datagram);
    });
}

BOOST_AUTO_TEST_CASE(ports_out_of_range_overflow) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const std::string text = "(): port must be 0-65535.";
        const std::vector<int> ports = {-1, 65536, 70000};
        for (const int port : ports) {
            co_await fails(loop.create_connection(plain(), "127.0.0.1", port),
                           "OverflowError: connect" + text);
            co_await fails(loop.create_server(plain(), "::1", port), "OverflowError: bind" + text);
        }
        // Python cuts this one off and connects to another port.
        co_await fails(loop.create_connection(plain(), "localhost", 70000),
                       "OverflowError: connect" + text);
    });
}

// CON-10
BOOST_AUTO_TEST_CASE(an_address_in_use_is_named) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto server = co_await listen();
        const int port = port_of(server);
        const int before = open_descriptors();
        const std::string address = "('127.0.0.1', " + std::to_string(port) + ')';
        co_await fails(loop.create_server(plain(), "127.0.0.1", port),
                       "OSError: [Errno 98] error while attempting to bind on address " + address +
                           ": [errno 98] address already in use");
        co_await fails(loop.create_server(plain(), "192.0.2.1", 80),
                       "OSError: could not bind on any address out of [('192.0.2.1', 80)]");
        const std::vector<std::string> hosts = {"127.0.0.2", "127.0.0.1"};
        co_await fails_like(loop.create_server(plain(), hosts, port), "OSError: [Errno 98]");
        BOOST_TEST(open_descriptors() == before);
        server.close();
        co_await server.wait_closed();
    });
}

// CON-10, CON-12
BOOST_AUTO_TEST_CASE(several_hosts_are_bound_once_each) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const std::vector<std::string> hosts = {"127.0.0.2", "127.0.0.3", "127.0.0.2"};
        auto server = co_await loop.create_server(plain(), hosts, 0);
        BOOST_TEST(server.sockets().size() == 2u);
        BOOST_TEST(server.sockets().at(0).getsockname().host() == "127.0.0.2");
        BOOST_TEST(server.sockets().at(1).getsockname().host() == "127.0.0.3");
        server.close();
        const std::vector<std::optional<std::string>> everywhere_names = {std::nullopt, ""};
        for (const auto& everywhere : everywhere_names) {
            auto all = co_await loop.create_server(plain(), everywhere, 0);
            bool v4 = false;
            for (const auto& socket : all.sockets()) {
                v4 |= socket.getsockname().host() == "0.0.0.0";
                if (socket.family() == AF_INET6)
                    BOOST_TEST(socket.getsockopt(IPPROTO_IPV6, IPV6_V6ONLY) == 1);
            }
            BOOST_TEST(v4);
            all.close();
        }
        co_await server.wait_closed();
    });
}

// CON-10, CON-11
BOOST_AUTO_TEST_CASE(socket_options_are_set) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const auto option = [](const asyncio::Server& server, int which) {
            return server.sockets().at(0).getsockopt(SOL_SOCKET, which);
        };
        auto usual = co_await listen();
        BOOST_TEST(option(usual, SO_REUSEADDR) == 1);
        BOOST_TEST(option(usual, SO_REUSEPORT) == 0);
        BOOST_TEST(option(usual, SO_KEEPALIVE) == 0);
        auto other = co_await loop.create_server(
            plain(), "127.0.0.1", 0,
            {.reuse_address = false, .reuse_port = true, .keep_alive = true});
        BOOST_TEST(option(other, SO_REUSEADDR) == 0);
        BOOST_TEST(option(other, SO_REUSEPORT) == 1);
        BOOST_TEST(option(other, SO_KEEPALIVE) == 1);
        auto twin = co_await loop.create_server(plain(), "127.0.0.1", port_of(other),
                                                {.reuse_address = false, .reuse_port = true});
        BOOST_TEST(port_of(twin) == port_of(other));
        usual.close();
        other.close();
        twin.close();
    });
}

// CON-06
BOOST_AUTO_TEST_CASE(a_client_may_choose_its_own_address) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto server = co_await listen();
        const int port = port_of(server);
        auto pair = co_await loop.create_connection(plain(), "127.0.0.1", port,
                                                    {.local_addr = {{"127.0.0.9", 0}}});
        BOOST_TEST(
            (pair.first->get_extra_info<asyncio::SocketAddress>("sockname").host() == "127.0.0.9"));
        pair.first->close();
        co_await fails(
            loop.create_connection(plain(), "127.0.0.1", port, {.local_addr = {{"192.0.2.1", 0}}}),
            "OSError: [Errno 99] error while attempting to bind on address "
            "('192.0.2.1', 0): [errno 99] cannot assign requested address");
        co_await fails(
            loop.create_connection(plain(), "127.0.0.1", port, {.local_addr = {{"::1", 0}}}),
            "OSError: no matching local address with family=<AddressFamily.AF_INET: 2> "
            "found");
        server.close();
        co_await server.wait_closed();
    });
}

BOOST_AUTO_TEST_CASE(sockets_of_the_user_are_taken_over) {
    struct Collecting : asyncio::Protocol {
        void data_received(std::string_view data) override {
            received.set_result(std::string(data));
        }
        asyncio::Future<std::string> received =
            asyncio::get_running_loop().create_future<std::string>();
    };
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        int ends[2];
        BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
        auto left = co_await loop.create_connection(plain(), {.sock = ends[0]});
        auto right = co_await loop.create_connection([] { return std::make_shared<Collecting>(); },
                                                     {.sock = ends[1]});
        left.first->write("over a Unix socket");
        const std::string received = co_await right.second->received;
        BOOST_TEST(received == "over a Unix socket");
        left.first->close();
        right.first->close();
        const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_storage storage;
        const auto size =
            static_cast<socklen_t>(asyncio::SocketAddress("127.0.0.1", 0).to(&storage));
        BOOST_REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&storage), size) == 0);
        auto server = co_await loop.create_server(plain(), {.sock = fd});
        auto client = co_await loop.create_connection(plain(), "127.0.0.1", port_of(server));
        client.first->close();
        server.close();
        co_await server.wait_closed();
        BOOST_TEST(::fcntl(fd, F_GETFD) == -1);
    });
}

// CON-07, PRO-06
BOOST_AUTO_TEST_CASE(a_failed_connection_leaves_no_socket) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto server = co_await listen();
        const int port = port_of(server);
        co_await asyncio::sleep(0.01);
        const int before = open_descriptors();
        auto failing = []() -> std::shared_ptr<asyncio::Protocol> {
            throw asyncio::LookupError("factory");
        };
        co_await fails(loop.create_connection(failing, "127.0.0.1", port), "LookupError: factory");
        // Cancelled at each of its suspensions, whatever has happened until then.
        for (int turns = 0; turns < 6; ++turns) {
            auto task = asyncio::create_task(loop.create_connection(plain(), "127.0.0.1", port));
            for (int i = 0; i < turns; ++i) co_await asyncio::sleep(0);
            if (task.cancel()) {
                co_await ended(task);
                BOOST_TEST(task.cancelled());
            } else {
                task.result().first->close();
            }
        }
        server.close_clients();
        server.close();
        co_await server.wait_closed();
        for (int i = 0; i < 20 && open_descriptors() > before - 1; ++i)
            co_await asyncio::sleep(0.001);
        BOOST_TEST(open_descriptors() == before - 1);
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
            for (int i = 0; i < turns; ++i) co_await asyncio::sleep(0);
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
