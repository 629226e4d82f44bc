// create_connection: the rest of its arguments. Happy eyeballs, interleaving, errors of all
// addresses, accepted sockets. The resolver is a script, the addresses are of loopback.
// own loop only
#include <asyncio/asyncio.hpp>

#include "support/network.hpp"
#include "support/tools.hpp"
#include "support/virtual_time.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using asyncio::Coroutine;
using asyncio::SocketAddress;
using asyncio_test::open_descriptors;
using asyncio_test::plain;
using asyncio_test::repr_of;
using asyncio_test::Trace;

namespace {

// Resolves every name to a table; without one it never answers.
template <class Loop>
class Scripted : public Loop {
public:
    Coroutine<std::vector<asyncio::AddressInfo>> resolve(asyncio::AddressQuery query) override {
        std::vector<asyncio::AddressInfo> answers;
        if (!table) co_await this->template create_future<>();
        for (const SocketAddress& address : *table)
            answers.push_back({address.family(), query.type, 0, "", address});
        co_return answers;
    }
    std::optional<std::vector<SocketAddress>> table;
};

template <class Loop = asyncio::EventLoop, class F>
void run_scripted(F body) {
    const auto loop = std::make_shared<Scripted<Loop>>();
    loop->run_until_complete(body(*loop));
    loop->close();
}

// An address where nobody listens: its port belongs to a socket that is bound only.
class Refusing {
public:
    explicit Refusing(const char* host) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_storage storage;
        auto size = static_cast<socklen_t>(SocketAddress(host, 0).to(&storage));
        auto* const raw = reinterpret_cast<sockaddr*>(&storage);
        BOOST_REQUIRE(::bind(fd_, raw, size) == 0);
        BOOST_REQUIRE(::getsockname(fd_, raw, &size) == 0);
        address = SocketAddress::from(raw, size);
    }
    Refusing(const Refusing&) = delete;
    ~Refusing() { ::close(fd_); }
    SocketAddress address;

protected:
    const int fd_;
};

// One that never answers: its backlog is full.
class Hanging : public Refusing {
public:
    explicit Hanging(const char* host)
        : Refusing(host), first_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_storage storage;
        const auto size = static_cast<socklen_t>(address.to(&storage));
        BOOST_REQUIRE(::listen(fd_, 0) == 0);
        BOOST_REQUIRE(::connect(first_, reinterpret_cast<sockaddr*>(&storage), size) == 0);
    }
    ~Hanging() { ::close(first_); }

private:
    const int first_;
};

// One where the test accepts by hand.
class Accepting : public Refusing {
public:
    explicit Accepting(const char* host) : Refusing(host) { BOOST_REQUIRE(::listen(fd_, 1) == 0); }
    int accept() const {
        const int accepted = ::accept(fd_, nullptr, nullptr);
        BOOST_REQUIRE(accepted >= 0);
        return accepted;
    }
};

std::string refused(const Refusing& host) {
    return "[Errno 111] Connect call failed " + host.address.str();
}

Coroutine<asyncio::Server> listening(asyncio::AbstractEventLoop& loop) {
    return loop.create_server(plain(), "127.0.0.1", 0);
}

SocketAddress address_of(const asyncio::Server& server) {
    return server.sockets().at(0).getsockname();
}

template <class Pair>
SocketAddress peer_of(const Pair& pair) {
    return pair.first->template get_extra_info<SocketAddress>("peername");
}

} // namespace

BOOST_AUTO_TEST_SUITE(connecting)

// CON-05
BOOST_AUTO_TEST_CASE(a_hanging_address_delays_the_next_one_only) {
    run_scripted([](auto& loop) -> Coroutine<> {
        const Hanging never("127.0.0.2");
        auto server = co_await listening(loop);
        loop.table = {{never.address, address_of(server)}};
        const int before = open_descriptors();
        auto pair =
            co_await loop.create_connection(plain(), "host", 1, {.happy_eyeballs_delay = 0.01});
        BOOST_TEST((peer_of(pair) == address_of(server)));
        // CON-07: the other socket is closed
        BOOST_TEST(open_descriptors() <= before + 2); // both ends of the connection
        pair.first->close();
        server.close();
        co_await server.wait_closed();
    });
}

// CON-05: in virtual time, that the delay and nothing else starts the second attempt
BOOST_AUTO_TEST_CASE(the_next_attempt_starts_after_the_delay) {
    run_scripted<asyncio_test::VirtualLoop>([](auto& loop) -> Coroutine<> {
        const Hanging never("127.0.0.2");
        const Hanging neither("127.0.0.4");
        const Refusing nobody("127.0.0.3");
        loop.table = {{never.address, nobody.address, neither.address}};
        auto task = asyncio::create_task(
            loop.create_connection(plain(), "host", 1, {.happy_eyeballs_delay = 5.0}));
        const int before = open_descriptors();
        co_await asyncio::sleep(4);
        BOOST_TEST(open_descriptors() == before + 1);
        co_await asyncio::sleep(2); // a refusal brings the third one, beside the first
        co_await asyncio::sleep(1);
        BOOST_TEST(open_descriptors() == before + 2);
        task.cancel();
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error == "CancelledError()");
        BOOST_TEST(open_descriptors() == before);
        BOOST_TEST(asyncio::all_tasks().size() == 1u);
    });
}

// CON-04, CON-05
BOOST_AUTO_TEST_CASE(a_race_that_nobody_wins_tells_all_errors) {
    run_scripted([](auto& loop) -> Coroutine<> {
        const Refusing a("127.0.0.2");
        const Refusing b("127.0.0.3");
        loop.table = {{a.address, b.address}};
        const int before = open_descriptors();
        std::string error = co_await repr_of(
            loop.create_connection(plain(), "host", 1, {.happy_eyeballs_delay = 60.0}));
        BOOST_TEST(error ==
                   "OSError(\"Multiple exceptions: " + refused(a) + ", " + refused(b) + "\")");
        Trace all;
        try {
            co_await loop.create_connection(plain(), "host", 1,
                                            {.all_errors = true, .happy_eyeballs_delay = 60.0});
        } catch (const asyncio::ExceptionGroup& group) {
            all.push_back(group.message());
            for (const auto& each : group.exceptions()) all.push_back(asyncio::str(each));
        }
        BOOST_TEST((all == Trace{"create_connection failed", refused(a), refused(b)}));
        BOOST_TEST(open_descriptors() == before);
    });
}

// CON-04, CON-06: what failed to be bound counts, too
BOOST_AUTO_TEST_CASE(errors_of_local_addresses_are_among_all_errors) {
    run_scripted([](auto& loop) -> Coroutine<> {
        auto server = co_await listening(loop);
        const SocketAddress remote = address_of(server);
        loop.table = {{SocketAddress("203.0.113.1", 0), SocketAddress("203.0.113.2", 0)}};
        Trace all;
        try {
            co_await loop.create_connection(
                plain(), "127.0.0.1", remote.port(),
                {.local_addr = {{"mine", 0}}, .all_errors = true, .happy_eyeballs_delay = 1.0});
        } catch (const asyncio::ExceptionGroup& group) {
            for (const auto& each : group.exceptions()) all.push_back(asyncio::str(each));
        }
        const std::string start =
            "[Errno 99] error while attempting to bind on address ('203.0.113.";
        BOOST_REQUIRE(all.size() == 2u);
        BOOST_TEST(all[0].starts_with(start + "1', 0): "));
        BOOST_TEST(all[1].starts_with(start + "2', 0): "));
        loop.table = {{SocketAddress("203.0.113.1", 0), SocketAddress("127.0.0.7", 0)}};
        auto pair = co_await loop.create_connection(plain(), "127.0.0.1", remote.port(),
                                                    {.local_addr = {{"mine", 0}}});
        BOOST_TEST(
            (pair.first->template get_extra_info<SocketAddress>("sockname").host() == "127.0.0.7"));
        pair.first->close();
        server.close();
        co_await server.wait_closed();
    });
}

namespace {

// The addresses in the order in which they are tried.
template <class Loop>
Coroutine<std::string> order_of(Loop& loop, std::vector<SocketAddress> table,
                                std::optional<int> interleave,
                                std::optional<asyncio::Seconds> delay) {
    loop.table = std::move(table);
    asyncio::CreateConnectionOptions options;
    options.all_errors = true;
    options.interleave = interleave;
    options.happy_eyeballs_delay = delay;
    std::string order;
    try {
        co_await loop.create_connection(plain(), "host", 1, options);
    } catch (const asyncio::ExceptionGroup& group) {
        for (const auto& error : group.exceptions()) {
            const std::string text = asyncio::str(error);
            const auto at = text.find("('") + 2;
            order += text.substr(at, text.find('\'', at) - at) + ' ';
        }
    }
    co_return order;
}

} // namespace

// CON-05. Port 1 refuses everywhere.
BOOST_AUTO_TEST_CASE(families_alternate) {
    run_scripted([](auto& loop) -> Coroutine<> {
        const auto four = [](int n) { return SocketAddress("127.0.0." + std::to_string(n), 1); };
        const SocketAddress six("::1", 1);
        const std::vector<SocketAddress> table = {four(1), four(2), four(3), four(4), six, six};
        const std::string plain_order = "127.0.0.1 127.0.0.2 127.0.0.3 127.0.0.4 ::1 ::1 ";
        const std::string alternating = "127.0.0.1 ::1 127.0.0.2 ::1 127.0.0.3 127.0.0.4 ";
        std::string order = co_await order_of(loop, table, {}, {});
        BOOST_TEST(order == plain_order);
        order = co_await order_of(loop, table, 0, {});
        BOOST_TEST(order == plain_order);
        order = co_await order_of(loop, table, 1, {});
        BOOST_TEST(order == alternating);
        order = co_await order_of(loop, table, {}, 60.0);
        BOOST_TEST(order == alternating);
        order = co_await order_of(loop, table, 0, 60.0);
        BOOST_TEST(order == plain_order);
        order = co_await order_of(loop, table, 3, {});
        BOOST_TEST(order == "127.0.0.1 127.0.0.2 127.0.0.3 ::1 127.0.0.4 ::1 ");
        order = co_await order_of(loop, table, 100, 60.0);
        BOOST_TEST(order == plain_order);
    });
}

// DNS: whatever the resolver does, a timeout ends the wait
BOOST_AUTO_TEST_CASE(a_hanging_resolver_keeps_nobody_beyond_his_timeout) {
    run_scripted<asyncio_test::VirtualLoop>([](auto& loop) -> Coroutine<> {
        std::string error =
            co_await repr_of(asyncio::wait_for(asyncio::open_connection("host", 80), 1));
        BOOST_TEST(error == "TimeoutError()");
        BOOST_TEST(asyncio_test::elapsed() == 1);
        error = co_await repr_of(asyncio::wait_for(loop.create_server(plain(), "host", 80), 1));
        BOOST_TEST(error == "TimeoutError()");
        BOOST_TEST(asyncio_test::elapsed() == 2);
    });
    // CON-03: a literal address does not ask it
    run_scripted([](auto&) -> Coroutine<> {
        const std::string error = co_await repr_of(asyncio::open_connection("127.0.0.1", 1));
        BOOST_TEST(error.starts_with("ConnectionRefusedError(111"), error);
    });
}

// Streams pass the arguments on.
BOOST_AUTO_TEST_CASE(streams_race_as_well) {
    run_scripted([](auto& loop) -> Coroutine<> {
        const Hanging never("127.0.0.2");
        auto server = co_await listening(loop);
        loop.table = {{never.address, address_of(server)}};
        auto pair = co_await asyncio::open_connection("host", 1, {.happy_eyeballs_delay = 0.01});
        auto& [reader, writer] = pair;
        BOOST_TEST(
            (writer.template get_extra_info<SocketAddress>("peername") == address_of(server)));
        writer.close();
        co_await writer.wait_closed();
        const Refusing nobody("127.0.0.3");
        loop.table = {{nobody.address, SocketAddress("::1", 1), nobody.address}};
        std::string order;
        try {
            co_await asyncio::open_connection("host", 1, {.all_errors = true, .interleave = 1});
        } catch (const asyncio::ExceptionGroup& group) {
            order = asyncio::str(group.exceptions().at(1));
        }
        BOOST_TEST(order == "[Errno 111] Connect call failed ('::1', 1, 0, 0)");
        server.close();
        co_await server.wait_closed();
    });
}

// CON-01
BOOST_AUTO_TEST_CASE(an_accepted_socket_becomes_a_transport) {
    struct Collecting : asyncio::Protocol {
        void data_received(std::string_view data) override {
            received.set_result(std::string(data));
        }
        asyncio::Future<std::string> received =
            asyncio::get_running_loop().create_future<std::string>();
    };
    run_scripted([](auto& loop) -> Coroutine<> {
        const Accepting listener("127.0.0.1");
        auto client =
            co_await loop.create_connection(plain(), "127.0.0.1", listener.address.port());
        const int accepted = listener.accept();
        auto server = co_await loop.connect_accepted_socket(
            [] { return std::make_shared<Collecting>(); }, accepted);
        client.first->write("hello");
        const std::string received = co_await server.second->received;
        BOOST_TEST(received == "hello");
        BOOST_TEST(
            (peer_of(server) == client.first->template get_extra_info<SocketAddress>("sockname")));
        BOOST_TEST((::fcntl(accepted, F_GETFD) & FD_CLOEXEC) != 0);
        client.first->close();
        server.first->close();
        const int datagram = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        std::string error = co_await repr_of(loop.connect_accepted_socket(plain(), datagram));
        BOOST_TEST(error.find("A Stream Socket was expected, got ") != error.npos, error);
        ::close(datagram);
        error = co_await repr_of(loop.connect_accepted_socket(plain(), datagram));
        BOOST_TEST(error == "OSError(9, 'Bad file descriptor')");
    });
}

BOOST_AUTO_TEST_SUITE_END()
