// Connecting, listening and looking up, cancelled at each of their suspensions: the cancel arrives,
// no descriptor and no task is left.
#include <asyncio/asyncio.hpp>

#include "support/network.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using asyncio::Coroutine;
using asyncio_test::open_descriptors;
using asyncio_test::plain;
using asyncio_test::run;
using asyncio_test::ticks;
using namespace std::string_literals;

namespace {

// What is there to be connected with.
struct Place {
    asyncio::Server server;
    asyncio::Server local;
    int port() const { return server.sockets().at(0).getsockname().port(); }
    std::string name() const { return local.sockets().at(0).getsockname().host(); }
};

struct Case {
    std::string name;
    std::function<Coroutine<>(const Place&)> wait; // ends with nothing open
};

template <class T>
Coroutine<> close_pair(Coroutine<T> connecting) {
    auto pair = co_await std::move(connecting);
    pair.first->close();
}

Coroutine<> close_stream(Coroutine<asyncio::StreamPair> connecting) {
    auto pair = co_await std::move(connecting);
    pair.second.close();
}

Coroutine<> close_server(Coroutine<asyncio::Server> starting) {
    auto server = co_await std::move(starting);
    server.close();
}

template <class A>
Coroutine<> drop(A awaitable) {
    co_await std::move(awaitable);
}

asyncio::AbstractEventLoop& loop() { return asyncio::get_running_loop(); }

std::string another_name() { return "\0asyncio-cancel-"s + std::to_string(::getpid()); }

Coroutine<> take_accepted() {
    int ends[2];
    BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    ::close(ends[1]);
    // Cancelled before it starts, it has not taken the socket.
    return [](int fd) -> Coroutine<> {
        auto pair = co_await loop().connect_accepted_socket(plain(), fd);
        pair.first->close();
    }(ends[0]);
}

const std::vector<Case>& cases() {
    static const std::vector<Case> all{
        {"create_connection",
         [](const Place& at) {
             return close_pair(loop().create_connection(plain(), "127.0.0.1", at.port()));
         }},
        {"create_connection by name",
         [](const Place& at) {
             return close_pair(loop().create_connection(plain(), "here.test", at.port()));
         }},
        {"happy eyeballs",
         [](const Place& at) {
             return close_pair(loop().create_connection(plain(), "127.0.0.1", at.port(),
                                                        {.happy_eyeballs_delay = 0.0}));
         }},
        {"create_unix_connection",
         [](const Place& at) {
             return close_pair(loop().create_unix_connection(plain(), at.name()));
         }},
        {"open_unix_connection",
         [](const Place& at) { return close_stream(asyncio::open_unix_connection(at.name())); }},
        {"create_server",
         [](const Place&) { return close_server(loop().create_server(plain(), "127.0.0.1", 0)); }},
        {"create_unix_server",
         [](const Place&) {
             return close_server(loop().create_unix_server(plain(), another_name()));
         }},
        {"getaddrinfo", [](const Place&) { return drop(loop().getaddrinfo("here.test", 80)); }},
        {"getnameinfo",
         [](const Place&) {
             return drop(loop().getnameinfo(asyncio::SocketAddress("127.0.0.1", 80)));
         }},
        {"staggered_race",
         [](const Place&) {
             std::vector<asyncio::staggered::Attempt<void>> attempts(
                 3, []() -> Coroutine<> { co_await ticks(3); });
             return drop(asyncio::staggered::staggered_race(attempts, 0.0));
         }},
    };
    return all;
}

Coroutine<> cancel_after(const Case& each, const Place& at, int turns, int times) {
    auto task = asyncio::create_task(each.wait(at));
    co_await ticks(turns);
    const bool pending = task.cancel();
    for (int i = 1; i < times; ++i) task.cancel();
    const std::string error = co_await asyncio_test::repr_of(task);
    // In the very iteration in which it ends the cancel may come too late to be thrown.
    BOOST_TEST((error == (pending ? "CancelledError()" : "no error")),
               each.name << " after " << turns << ": " << error);
}

// Lets the servers notice that their connections are closed, and other threads end their lookups.
Coroutine<bool> settles(int wanted) {
    for (int i = 0; i < 500; ++i) {
        if (open_descriptors() == wanted) co_return true;
        co_await asyncio::sleep(0.001);
    }
    co_return false;
}

} // namespace

BOOST_AUTO_TEST_SUITE(connect_cancel)

// CON-07, DNS-02, STG-03
BOOST_AUTO_TEST_CASE(nothing_is_left_of_what_is_cancelled) {
    const asyncio::warnings::Capture never_awaited; // of what is cancelled before its start
    run([]() -> Coroutine<> {
        Place at;
        at.server = co_await loop().create_server(plain(), "127.0.0.1", 0);
        at.local = co_await loop().create_unix_server(plain(), another_name() + "-listening");
        // Names are looked up without descriptors of another thread: see support/lookups.hpp.
        const int before = open_descriptors();
        for (const Case& each : cases()) {
            for (int turns = 0; turns < 10; ++turns)
                for (int times = 1; times < 3; ++times)
                    co_await cancel_after(each, at, turns, times);
            const bool settled = co_await settles(before);
            BOOST_TEST(settled, each.name);
            BOOST_TEST(asyncio::all_tasks().size() == 1u, each.name);
        }
        at.server.close();
        at.local.close();
        co_await at.server.wait_closed();
        co_await at.local.wait_closed();
    });
}

BOOST_AUTO_TEST_CASE(a_socket_of_the_user_is_taken_when_it_starts) {
    run([]() -> Coroutine<> {
        const int before = open_descriptors();
        for (int turns = 1; turns < 5; ++turns) {
            auto task = asyncio::create_task(take_accepted());
            co_await ticks(turns);
            task.cancel();
            co_await asyncio_test::repr_of(task);
        }
        co_await ticks(3);
        BOOST_TEST(open_descriptors() == before);
    });
}

BOOST_AUTO_TEST_SUITE_END()
