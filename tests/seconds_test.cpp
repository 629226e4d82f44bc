// Seconds: from numbers and durations. // own loop only
#include <asyncio/seconds.hpp>

#include <boost/test/unit_test.hpp>

using asyncio::Seconds;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(seconds)

// G-13
BOOST_AUTO_TEST_CASE(it_is_made_of_numbers_and_durations) {
    BOOST_TEST(Seconds().count() == 0);
    BOOST_TEST(Seconds(1.5).count() == 1.5);
    BOOST_TEST(Seconds(2).count() == 2);
    BOOST_TEST(Seconds(1500ms).count() == 1.5);
    BOOST_TEST(Seconds(2min).count() == 120);
    BOOST_TEST(Seconds(-1s).count() == -1);
    BOOST_TEST(Seconds(std::chrono::duration<double>(0.25)).count() == 0.25);
}

BOOST_AUTO_TEST_CASE(it_compares) {
    BOOST_TEST((Seconds(1s) == Seconds(1.0)));
    BOOST_TEST((Seconds(999ms) < Seconds(1)));
    static_assert(Seconds(1h).count() == 3600);
}

BOOST_AUTO_TEST_SUITE_END()
