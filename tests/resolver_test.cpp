// The resolver threads: names that hang, cancels, literal addresses, getnameinfo. // tsan
#include <asyncio/asyncio.hpp>

#include "support/lookups.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>
#include <vector>

#include <netdb.h>
#include <sys/socket.h>

using asyncio::Coroutine;
using asyncio::SocketAddress;
using asyncio_test::hangs;
using asyncio_test::repr_of;
using asyncio_test::run;

namespace {

struct LetGo {
    LetGo() = default;
    LetGo(const LetGo&) = delete;
    ~LetGo() { hangs().let_go(); }
};

using Lookups = std::vector<asyncio::Task<std::vector<asyncio::AddressInfo>>>;

Lookups look_up_many(int count, const std::string& suffix) {
    auto& loop = asyncio::get_running_loop();
    Lookups tasks;
    for (int i = 0; i < count; ++i)
        tasks.push_back(asyncio::create_task(loop.getaddrinfo(std::to_string(i) + suffix, 80)));
    return tasks;
}

constexpr int threads = 16;

} // namespace

BOOST_AUTO_TEST_SUITE(resolver)

// DNS-02: the caller goes at once, and the loop does not wait either
BOOST_AUTO_TEST_CASE(a_timeout_ends_a_lookup_that_hangs) {
    const LetGo later;
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const double start = loop.time();
        std::string error =
            co_await repr_of(asyncio::wait_for(asyncio::open_connection("a.hangs", 80), 0.02));
        BOOST_TEST(error == "TimeoutError()");
        BOOST_TEST(loop.time() - start >= 0.02);
        BOOST_TEST(hangs().asked() == 1);
        BOOST_TEST(asyncio::all_tasks().size() == 1u);
    });
}

BOOST_AUTO_TEST_CASE(a_loop_closes_while_a_lookup_hangs) {
    const LetGo later;
    asyncio::LogCapture captured;
    const auto loop = asyncio::new_event_loop();
    loop->run_until_complete([](asyncio::AbstractEventLoop& l) -> Coroutine<> {
        auto task = l.create_task(l.getaddrinfo("b.hangs", 80));
        co_await asyncio::sleep(0);
        hangs().wait_until_asked(1);
    }(*loop));
    loop->close();
    BOOST_TEST(captured.contains("Task was destroyed but it is pending!"));
}

// DNS-04: lookups whose callers have gone take nobody's thread
BOOST_AUTO_TEST_CASE(abandoned_lookups_do_not_block_others) {
    const LetGo later;
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        for (int round = 1; round <= 3; ++round) {
            const Lookups tasks = look_up_many(threads, ".hangs");
            co_await asyncio::sleep(0);
            hangs().wait_until_asked(threads * round);
            for (const auto& task : tasks) task.cancel();
            co_await asyncio::gather(asyncio::return_exceptions, tasks);
        }
        const auto answers = co_await loop.getaddrinfo("localhost", 80);
        BOOST_TEST(!answers.empty());
    });
}

// DNS-04: the others wait for their turn, and one that is cancelled before is never asked
BOOST_AUTO_TEST_CASE(lookups_beyond_the_threads_wait) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const Lookups tasks = look_up_many(threads, ".hangs");
        co_await asyncio::sleep(0);
        hangs().wait_until_asked(threads);
        const Lookups late = look_up_many(3, ".hangs");
        auto real = asyncio::create_task(loop.getaddrinfo("localhost", 80));
        for (int i = 0; i < 3; ++i) co_await asyncio::sleep(0);
        for (const auto& task : late) task.cancel();
        co_await asyncio::gather(asyncio::return_exceptions, late);
        BOOST_TEST(hangs().asked() == threads);
        BOOST_TEST(!real.done());
        // The one that goes makes room for the one that waits.
        tasks.front().cancel();
        const auto answers = co_await real;
        BOOST_TEST(!answers.empty());
        BOOST_TEST(hangs().asked() == threads);
        hangs().let_go();
        for (std::size_t i = 1; i < tasks.size(); ++i) {
            const std::string error = co_await repr_of(tasks[i]);
            BOOST_TEST(error == "gaierror(-3, 'Temporary failure in name resolution')");
        }
    });
}

// CON-03: numbers ask nobody, whatever the threads do
BOOST_AUTO_TEST_CASE(literal_addresses_are_resolved_at_once) {
    const LetGo later;
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const Lookups tasks = look_up_many(threads, ".hangs");
        co_await asyncio::sleep(0);
        hangs().wait_until_asked(threads);
        const int passed =
            co_await asyncio_test::iterations_of([&loop] { return loop.getaddrinfo("::1", 80); });
        BOOST_TEST(passed == 0);
        const auto answers = co_await loop.getaddrinfo("127.0.0.1", "80", {.type = SOCK_STREAM});
        BOOST_REQUIRE(answers.size() == 1u);
        BOOST_TEST(answers.front().address.str() == "('127.0.0.1', 80)");
        const std::string error = co_await repr_of(
            loop.getaddrinfo("127.0.0.1", 80, {.family = AF_INET6, .type = SOCK_STREAM}));
        BOOST_TEST(error == "gaierror(-9, 'Address family for hostname not supported')");
        const auto names = co_await loop.getnameinfo(SocketAddress("127.0.0.1", 80),
                                                     NI_NUMERICHOST | NI_NUMERICSERV);
        BOOST_TEST(names.first == "127.0.0.1");
        auto server = co_await asyncio::start_server([](auto, auto) {}, "127.0.0.1", 0);
        const int port = server.sockets().at(0).getsockname().port();
        auto pair = co_await asyncio::open_connection("127.0.0.1", port);
        pair.second.close();
        server.close();
        server.abort_clients();
        for (const auto& task : tasks) task.cancel();
        co_await asyncio::gather(asyncio::return_exceptions, tasks);
    });
}

// DNS-01
BOOST_AUTO_TEST_CASE(names_are_found_for_addresses) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const int numbers = NI_NUMERICHOST | NI_NUMERICSERV;
        const auto four = co_await loop.getnameinfo(SocketAddress("127.0.0.1", 80), numbers);
        BOOST_TEST((four == std::pair<std::string, std::string>("127.0.0.1", "80")));
        const auto six = co_await loop.getnameinfo(SocketAddress("::1", 65535), numbers);
        BOOST_TEST((six == std::pair<std::string, std::string>("::1", "65535")));
        const auto named = co_await loop.getnameinfo(SocketAddress("127.0.0.1", 80));
        BOOST_TEST(!named.first.empty());
        BOOST_TEST(named.second == "http");
        const std::string error = co_await repr_of(loop.getnameinfo(SocketAddress()));
        BOOST_TEST(error ==
                   "TypeError('getnameinfo(): an IPv4 or IPv6 address is expected, got None')");
    });
}

// DNS-02
BOOST_AUTO_TEST_CASE(a_search_for_names_can_be_cancelled) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        for (int turns = 0; turns < 4; ++turns) {
            auto task = asyncio::create_task(loop.getnameinfo(SocketAddress("127.0.0.1", 80)));
            for (int i = 0; i < turns; ++i) co_await asyncio::sleep(0);
            const bool asked = task.cancel();
            const std::string error = co_await repr_of(task);
            BOOST_TEST(error == (asked ? "CancelledError()" : "no error"));
        }
    });
}

BOOST_AUTO_TEST_SUITE_END()
