// The version: its numbers, its text, and the build's own idea of it.
// own loop only
#include <asyncio/version.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(version)

// ASYNCIO_PROJECT_VERSION is what CMake gives to packages.
BOOST_AUTO_TEST_CASE(the_header_and_the_build_agree) {
    BOOST_TEST(ASYNCIO_VERSION == std::string(ASYNCIO_PROJECT_VERSION));
}

BOOST_AUTO_TEST_CASE(the_text_is_made_of_the_numbers) {
    BOOST_TEST(ASYNCIO_VERSION == std::to_string(ASYNCIO_VERSION_MAJOR) + '.' +
                                      std::to_string(ASYNCIO_VERSION_MINOR) + '.' +
                                      std::to_string(ASYNCIO_VERSION_PATCH));
}

// Users ask for it in the preprocessor.
#if ASYNCIO_VERSION_MAJOR * 10000 + ASYNCIO_VERSION_MINOR * 100 + ASYNCIO_VERSION_PATCH < 100
#error "the macros are no numbers"
#endif

BOOST_AUTO_TEST_SUITE_END()
