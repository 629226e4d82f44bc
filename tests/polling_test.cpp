// When the loop asks the system for events: in every iteration, as far as anybody can tell, and
// without a system call for each callback. // own loop only
#include <asyncio/asyncio.hpp>
#include <asyncio/detail/poll_habit.hpp>

#include "support/network.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <unistd.h>

using asyncio::Coroutine;
using asyncio::detail::PollHabit;
using asyncio::detail::TryHabit;

namespace {

// A pipe with a reader that counts, on a loop.
struct Pipe {
    explicit Pipe(asyncio::LoopPtr on) : loop(std::move(on)) {
        BOOST_REQUIRE(::pipe(ends) == 0);
        loop->add_reader(ends[0], [this] {
            char byte;
            seen += static_cast<int>(::read(ends[0], &byte, 1));
        });
    }
    ~Pipe() {
        loop->remove_reader(ends[0]);
        ::close(ends[0]);
        ::close(ends[1]);
    }
    void write() { BOOST_REQUIRE(::write(ends[1], "x", 1) == 1); }
    asyncio::LoopPtr loop;
    int ends[2];
    int seen = 0;
};

// Iterations in which nothing arrives.
void run_idly(const asyncio::LoopPtr& loop, int rounds) {
    for (int i = 0; i < rounds; ++i) {
        loop->call_later(0.0, [&] { loop->stop(); });
        loop->run_forever();
    }
}

// Callbacks until the reader has run, of a chain that never lets the loop rest.
int callbacks_until_read(const asyncio::LoopPtr& loop) {
    Pipe pipe(loop);
    run_idly(loop, 1);
    int count = 0;
    std::function<void()> chain = [&] {
        if (++count == 100) pipe.write();
        if (pipe.seen || count > 1'000'000)
            loop->stop();
        else
            loop->call_soon(std::ref(chain));
    };
    loop->call_soon(std::ref(chain));
    loop->run_forever();
    return count - 100;
}

} // namespace

BOOST_AUTO_TEST_SUITE(polling)

// LIF-02
BOOST_AUTO_TEST_CASE(a_loop_that_is_stopped_before_it_runs_polls_once) {
    const auto loop = asyncio::new_event_loop();
    {
        Pipe pipe(loop);
        for (int round = 1; round <= 300; ++round) {
            run_idly(loop, 1);
            pipe.write();
            loop->stop();
            loop->run_forever();
            BOOST_REQUIRE(pipe.seen == round);
        }
    }
    loop->close();
}

BOOST_AUTO_TEST_CASE(run_once_without_waiting_sees_what_is_ready) {
    const auto loop = std::make_shared<asyncio::EventLoop>();
    {
        Pipe pipe(loop);
        for (int round = 1; round <= 5; ++round) {
            for (int i = 0; i < 300; ++i) loop->run_once(asyncio::Seconds(0));
            pipe.write();
            loop->run_once(asyncio::Seconds(0));
            BOOST_REQUIRE(pipe.seen == round);
        }
        loop->run_once(asyncio::Seconds(1e-3));
        pipe.write();
        loop->run_once(asyncio::Seconds(1e12)); // beyond what a clock can tell
        BOOST_TEST(pipe.seen == 6);
    }
    loop->close();
}

BOOST_AUTO_TEST_CASE(busy_callbacks_do_not_keep_readers_waiting) {
    for (const bool debug : {false, true}) {
        const auto loop = asyncio::new_event_loop();
        loop->set_debug(debug);
        BOOST_TEST(callbacks_until_read(loop) <= 1024 + 8);
        loop->close();
    }
}

BOOST_AUTO_TEST_CASE(a_habit_of_looking_ends_in_vain_but_not_for_ever) {
    PollHabit<3, 4> habit;
    std::string looks;
    for (int i = 0; i < 12; ++i) {
        const bool look = habit.worthwhile();
        looks += look ? 'L' : '.';
        if (look) habit.looked(false);
    }
    BOOST_TEST(looks == "LLL...L...L.");
    habit.looked(true);
    BOOST_TEST(habit.worthwhile());
}

BOOST_AUTO_TEST_CASE(a_habit_of_trying_begins_with_success) {
    TryHabit habit;
    int tries = 0;
    for (int i = 0; i < 640; ++i)
        if (habit.worthwhile()) {
            ++tries;
            habit.tried(false);
        }
    BOOST_TEST(tries == 10);
    habit.tried(true);
    habit.tried(true);
    BOOST_TEST(habit.worthwhile());
    for (int i = 0; i < 20; ++i) habit.tried(true);
    int more = 0;
    for (; habit.worthwhile(); ++more) habit.tried(false);
    BOOST_TEST(more == 9);
}

namespace {

struct Game {
    int left = 5'000;
    asyncio::Future<> over;
};

// Sends each message back; one of them pauses its reading for an iteration now and then.
struct Player : asyncio::Protocol {
    Player(Game* of, bool rests) : game(of), pauses(rests) {}
    void connection_made(std::shared_ptr<asyncio::Transport> made) override { transport = made; }
    void data_received(std::string_view data) override {
        BOOST_TEST(data == "x");
        if (--game->left == 0) return game->over.set_result();
        transport->write(data);
        if (!pauses || game->left % 7) return;
        transport->pause_reading();
        asyncio::get_running_loop().call_soon([it = transport] { it->resume_reading(); });
    }
    void connection_lost(std::exception_ptr) override { transport.reset(); }
    std::shared_ptr<asyncio::Transport> transport;
    Game* game;
    bool pauses;
};

} // namespace

// Peers that answer by the next iteration are read without waiting: nothing is lost or doubled.
BOOST_AUTO_TEST_CASE(messages_that_come_at_once_arrive_once) {
    asyncio_test::run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        Game game;
        game.over = loop.create_future();
        Game* const shared = &game;
        auto server = co_await loop.create_server(
            [=] { return std::make_shared<Player>(shared, true); }, "127.0.0.1", 0);
        auto pair = co_await loop.create_connection(
            [=] { return std::make_shared<Player>(shared, false); }, "127.0.0.1",
            asyncio_test::port_of(server));
        pair.first->write("x");
        co_await game.over;
        BOOST_TEST(game.left == 0);
        pair.first->close();
        server.close_clients();
        server.close();
        co_await server.wait_closed();
    });
}

BOOST_AUTO_TEST_SUITE_END()
