// The switches of the build agree with the compiler and with one another.
// own loop only
#include <asyncio/asyncio.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

#include <dlfcn.h>

#define TEXT_OF_(x) #x
#define TEXT_OF(x) TEXT_OF_(x)

BOOST_AUTO_TEST_SUITE(config)

// Copies of await temporaries are avoided where GCC destroys them twice, and only there.
BOOST_AUTO_TEST_CASE(the_workaround_is_for_gcc_before_13) {
#if defined(__clang__)
    BOOST_TEST(ASYNCIO_GCC_AWAIT_TEMPORARIES == 0);
#else
    BOOST_TEST(ASYNCIO_GCC_AWAIT_TEMPORARIES == (__GNUC__ < 13));
#endif
}

// GCC says it by a macro, Clang by a feature.
BOOST_AUTO_TEST_CASE(the_address_sanitizer_is_noticed) {
    const bool runs = ::dlsym(RTLD_DEFAULT, "__asan_init") != nullptr;
    BOOST_TEST(ASYNCIO_ADDRESS_SANITIZER == runs);
}

// A static library exports nothing.
BOOST_AUTO_TEST_CASE(symbols_are_exported_by_the_shared_library_only) {
    const std::string attribute = TEXT_OF(ASYNCIO_EXPORT);
#ifdef ASYNCIO_STATIC_DEFINE
    BOOST_TEST(attribute == "");
#else
    BOOST_TEST(attribute.find("visibility") != std::string::npos);
#endif
}

BOOST_AUTO_TEST_SUITE_END()
