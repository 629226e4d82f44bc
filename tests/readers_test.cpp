// add_reader and add_writer: level-triggered, replaceable, and never the owner of a descriptor.
#include <asyncio/asyncio.hpp>

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
using asyncio_test::error_of;
using asyncio_test::Reports;
using asyncio_test::run;
using asyncio_test::ticks;

namespace {

using Log = std::vector<std::string>;

struct Pipe {
    Pipe() { BOOST_REQUIRE(::pipe2(ends, O_CLOEXEC) == 0); }
    Pipe(const Pipe&) = delete;
    ~Pipe() {
        close(0);
        close(1);
    }
    void close(int end) {
        if (ends[end] >= 0) ::close(std::exchange(ends[end], -1));
    }
    void write(std::string_view text) {
        BOOST_REQUIRE(::write(ends[1], text.data(), text.size()) ==
                      static_cast<ssize_t>(text.size()));
    }
    char read() {
        char c = 0;
        BOOST_REQUIRE(::read(ends[0], &c, 1) == 1);
        return c;
    }
    int reader() const { return ends[0]; }
    int writer() const { return ends[1]; }
    int ends[2];
};

// Waits until a condition holds; the test's time limit ends a wait in vain.
template <class F>
Coroutine<> until(F condition) {
    while (!condition()) co_await asyncio::sleep(0);
}

} // namespace

BOOST_TEST_DONT_PRINT_LOG_VALUE(Log)

BOOST_AUTO_TEST_SUITE(readers)

// FDW-04: what was left unread makes the callback run again.
BOOST_AUTO_TEST_CASE(a_reader_runs_as_long_as_there_is_something_to_read) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        Pipe pipe;
        std::string text;
        loop.add_reader(pipe.reader(), [&] { text += pipe.read(); });
        co_await ticks(5);
        BOOST_TEST(text == "");
        pipe.write("abcde");
        co_await until([&] { return text == "abcde"; });
        co_await ticks(5);
        pipe.write("f");
        co_await until([&] { return text == "abcdef"; });
        BOOST_TEST(loop.remove_reader(pipe.reader()));
        pipe.write("g");
        co_await ticks(5);
        BOOST_TEST(text == "abcdef");
    });
}

// FDW-04: once in each iteration, not in a loop of its own.
BOOST_AUTO_TEST_CASE(other_callbacks_run_between_the_calls) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        Pipe pipe;
        int calls = 0;
        int most = 0;
        int before = 0;
        loop.add_reader(pipe.reader(), [&] { ++calls; });
        pipe.write("x");
        while (calls < 20) {
            before = calls;
            co_await asyncio::sleep(0);
            most = std::max(most, calls - before);
        }
        BOOST_TEST(most == 1);
        loop.remove_reader(pipe.reader());
    });
}

// FDW-01, FDW-02
BOOST_AUTO_TEST_CASE(reader_and_writer_of_one_descriptor_are_independent) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        int fds[2];
        BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
        int reads = 0;
        int writes = 0;
        loop.add_reader(fds[0], [&] { ++reads; });
        loop.add_writer(fds[0], [&] { ++writes; });
        co_await until([&] { return writes >= 3; });
        BOOST_TEST(reads == 0);
        BOOST_TEST(loop.remove_writer(fds[0]));
        BOOST_TEST(!loop.remove_writer(fds[0]));
        writes = 0;
        BOOST_REQUIRE(::write(fds[1], "x", 1) == 1);
        co_await until([&] { return reads >= 3; });
        BOOST_TEST(writes == 0);
        loop.add_writer(fds[0], [&] { ++writes; });
        BOOST_TEST(loop.remove_reader(fds[0]));
        co_await ticks(2); // a call that was queued has been dropped
        reads = 0;
        co_await until([&] { return writes >= 3; });
        BOOST_TEST(reads == 0);
        BOOST_TEST(loop.remove_writer(fds[0]));
        BOOST_TEST(!loop.remove_reader(fds[0]));
        ::close(fds[0]);
        ::close(fds[1]);
    });
}

// FDW-02
BOOST_AUTO_TEST_CASE(removing_what_is_not_there_is_false) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        Pipe pipe;
        BOOST_TEST(!loop.remove_reader(pipe.reader()));
        BOOST_TEST(!loop.remove_writer(12345));
        co_return;
    });
}

// FDW-01
BOOST_AUTO_TEST_CASE(adding_again_replaces_the_callback) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        Pipe pipe;
        Log log;
        asyncio_test::Trace deaths;
        auto first = std::make_shared<asyncio_test::Death>(deaths, "first");
        loop.add_reader(pipe.reader(),
                        [&log, first = std::move(first)] { log.push_back("first"); });
        loop.add_reader(
            pipe.reader(),
            [&](const std::string& name) { log.push_back(name + std::to_string(pipe.read())); },
            std::string("second "));
        BOOST_TEST((deaths == Log{"destroyed first"}));
        pipe.write("\1\2");
        co_await until([&] { return log.size() == 2; });
        BOOST_TEST((log == Log{"second 1", "second 2"})); // the arguments serve every call
        loop.remove_reader(pipe.reader());
    });
}

// FDW-05
BOOST_AUTO_TEST_CASE(a_call_that_is_queued_does_not_run_once_its_reader_is_removed) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        Pipe one;
        Pipe two;
        one.write("x");
        two.write("x");
        int calls = 0;
        const auto call = [&] {
            ++calls;
            loop.remove_reader(one.reader());
            loop.remove_reader(two.reader());
            one.close(0);
            two.close(0);
        };
        loop.add_reader(one.reader(), call);
        loop.add_reader(two.reader(), call);
        co_await until([&] { return calls > 0; });
        co_await ticks(5);
        BOOST_TEST(calls == 1);
    });
}

// FDW-05: the callable lives while it runs.
BOOST_AUTO_TEST_CASE(a_callback_may_remove_itself_and_close_the_descriptor) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        Pipe pipe;
        asyncio_test::Trace trace;
        auto death = std::make_shared<asyncio_test::Death>(trace, "callback");
        loop.add_reader(pipe.reader(), [&, death = std::move(death)] {
            BOOST_TEST(loop.remove_reader(pipe.reader()));
            pipe.close(0);
            trace.push_back("still there");
        });
        pipe.write("x");
        co_await until([&] { return trace.size() == 2; });
        BOOST_TEST((trace == Log{"still there", "destroyed callback"}));
    });
}

// FDW-06
BOOST_AUTO_TEST_CASE(a_number_that_is_given_again_is_a_new_descriptor) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        for (const bool remove : {true, false}) {
            Pipe old;
            const int fd = old.reader();
            int calls = 0;
            loop.add_reader(fd, [&] { ++calls; });
            co_await ticks(2);
            if (remove) loop.remove_reader(fd);
            old.close(0);
            old.close(1);
            Pipe again;
            if (again.reader() != fd) {
                BOOST_REQUIRE(::dup3(again.reader(), fd, O_CLOEXEC) == fd);
                again.close(0);
                again.ends[0] = fd;
            }
            loop.add_reader(fd, [&] {
                again.read();
                calls += 10;
            });
            again.write("x");
            co_await until([&] { return calls > 0; });
            BOOST_TEST(calls == 10);
            loop.remove_reader(fd);
        }
    });
}

// FDW-06
BOOST_AUTO_TEST_CASE(the_descriptor_stays_open_and_keeps_its_flags) {
    Pipe pipe;
    BOOST_REQUIRE(!(::fcntl(pipe.reader(), F_GETFL) & O_NONBLOCK));
    int calls = 0;
    const auto body = [&]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        loop.add_reader(pipe.reader(), [&] { ++calls; });
        BOOST_TEST(!(::fcntl(pipe.reader(), F_GETFL) & O_NONBLOCK));
        pipe.write("x");
        while (calls < 2) co_await asyncio::sleep(0);
        BOOST_TEST(!(::fcntl(pipe.reader(), F_GETFL) & O_NONBLOCK));
        loop.remove_reader(pipe.reader());
        loop.add_reader(pipe.reader(), [&] { ++calls; });
    };
    asyncio::run(body); // the loop is closed with the reader in place
    BOOST_TEST(!(::fcntl(pipe.reader(), F_GETFL) & O_NONBLOCK));
    BOOST_TEST(pipe.read() == 'x');
}

BOOST_AUTO_TEST_CASE(closing_the_loop_destroys_the_callbacks) {
    Pipe pipe;
    asyncio_test::Trace trace;
    const auto loop = asyncio::new_event_loop();
    loop->add_reader(pipe.reader(),
                     [death = std::make_shared<asyncio_test::Death>(trace, "callback")] {});
    loop->close();
    BOOST_TEST((trace == Log{"destroyed callback"}));
    BOOST_TEST(!loop->remove_reader(pipe.reader()));
    BOOST_TEST(error_of([&] { loop->add_reader(pipe.reader(), [] {}); }) ==
               "RuntimeError('Event loop is closed')");
}

// FDW-03
BOOST_AUTO_TEST_CASE(a_descriptor_of_a_transport_is_refused) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        int fds[2];
        BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
        auto made = co_await loop.create_connection(
            [] { return std::make_shared<asyncio::Protocol>(); }, {.sock = fds[0]});
        auto& [transport, protocol] = made;
        const std::string error = "RuntimeError('File descriptor " + std::to_string(fds[0]) +
                                  " is used by transport " + transport->repr() + "')";
        BOOST_TEST(error_of([&] { loop.add_reader(fds[0], [] {}); }) == error);
        BOOST_TEST(error_of([&] { loop.add_writer(fds[0], [] {}); }) == error);
        BOOST_TEST(error_of([&] { loop.remove_reader(fds[0]); }) == error);
        BOOST_TEST(error_of([&] { loop.remove_writer(fds[0]); }) == error);
        transport->abort();
        BOOST_TEST(!loop.remove_reader(fds[0]));
        co_await ticks(2);
        ::close(fds[1]);
    });
}

// A watched socket that becomes a transport is the transport's.
BOOST_AUTO_TEST_CASE(a_transport_takes_a_watched_descriptor_over) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        int fds[2];
        BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
        int calls = 0;
        loop.add_reader(fds[0], [&] { ++calls; });
        co_await ticks(2);
        auto made = co_await loop.create_connection(
            [] { return std::make_shared<asyncio::Protocol>(); }, {.sock = fds[0]});
        const auto& taken = made.first;
        ::close(fds[1]);
        co_await until([&] { return taken->is_closing(); });
        co_await ticks(3);
        BOOST_TEST(calls == 0);
    });
}

// FDW-07, FDW-03
BOOST_AUTO_TEST_CASE(what_cannot_be_polled_is_refused_at_once) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        for (const char* path : {"/proc/self/exe", "/tmp", "/dev/null"}) {
            const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
            BOOST_TEST(error_of([&] { loop.add_reader(fd, [] {}); }) ==
                       "PermissionError(1, 'Operation not permitted')");
            BOOST_TEST(!loop.remove_reader(fd));
            ::close(fd);
        }
        BOOST_TEST(error_of([&] { loop.add_reader(12345, [] {}); }) ==
                   "OSError(9, 'Bad file descriptor')");
        BOOST_TEST(error_of([&] { loop.add_reader(-1, [] {}); }) ==
                   "ValueError('Invalid file descriptor: -1')");
        co_return;
    });
}

BOOST_AUTO_TEST_CASE(an_error_in_the_callback_is_reported_and_it_goes_on) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        Reports reports;
        Pipe pipe;
        pipe.write("ab");
        loop.add_reader(pipe.reader(),
                        [&] { throw asyncio::ValueError(std::string(1, pipe.read())); });
        co_await until([&] { return reports.size() == 2; });
        BOOST_TEST(reports[0].error == "ValueError('a')");
        BOOST_TEST(reports[1].error == "ValueError('b')");
        BOOST_TEST(reports[1].message.starts_with("Exception in callback "));
        loop.remove_reader(pipe.reader());
    });
}

BOOST_AUTO_TEST_CASE(each_call_runs_in_the_context_of_its_add) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        asyncio::ContextVar<int> variable("variable", 0);
        Pipe pipe;
        pipe.write("ab");
        variable.set(5);
        int last = 0;
        loop.add_reader(pipe.reader(), [&] {
            pipe.read();
            last = variable.get();
            variable.set(last + 1);
        });
        variable.set(100);
        co_await until([&] { return last == 6; });
        BOOST_TEST(variable.get() == 100);
        loop.remove_reader(pipe.reader());
    });
}

// The end of the other side is readiness too.
BOOST_AUTO_TEST_CASE(the_end_of_a_pipe_wakes_both_sides) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        Pipe one;
        int ended = 0;
        loop.add_reader(one.reader(), [&] {
            ++ended;
            loop.remove_reader(one.reader());
        });
        one.close(1);
        co_await until([&] { return ended == 1; });
        Pipe two;
        loop.add_reader(two.writer(), [&] {
            ++ended;
            loop.remove_reader(two.writer());
        });
        two.close(0);
        co_await until([&] { return ended == 2; });
    });
}

BOOST_AUTO_TEST_CASE(objects_with_a_descriptor_are_taken) {
    struct WithFileno {
        int fd;
        int fileno() const { return fd; }
    };
    struct WithHandle {
        int fd;
        int native_handle() { return fd; }
    };
    WithHandle handle{7};
    BOOST_TEST(asyncio::FileArg(WithFileno{5}).fileno() == 5);
    BOOST_TEST(asyncio::FileArg(handle).fileno() == 7);
}

BOOST_AUTO_TEST_SUITE_END()
