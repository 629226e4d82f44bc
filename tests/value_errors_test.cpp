// own loop only: errors need none.
//
// Errors with two bases: a refused certificate is an OSError and a ValueError.
#include <asyncio/asyncio.hpp>

#include <boost/test/unit_test.hpp>

#include <exception>
#include <string>

using namespace asyncio::ssl;

BOOST_AUTO_TEST_SUITE(value_errors)

// As in Python, it is an SSLError, hence an OSError, and a ValueError.
BOOST_AUTO_TEST_CASE(a_refused_certificate_is_caught_by_each_of_its_bases) {
    const SSLCertVerificationError error(1, "[SSL: X] text", "SSL", "X", 18, "self-signed");
    const auto caught_as = [&]<class Base>(const Base*) {
        try {
            throw error;
        } catch (const Base& found) {
            return asyncio::repr(found);
        }
    };
    const std::string text = "SSLCertVerificationError(1, '[SSL: X] text')";
    BOOST_TEST(caught_as(static_cast<const asyncio::ValueError*>(nullptr)) == text);
    BOOST_TEST(caught_as(static_cast<const SSLError*>(nullptr)) == text);
    BOOST_TEST(caught_as(static_cast<const asyncio::OSError*>(nullptr)) == text);
    BOOST_TEST(caught_as(static_cast<const asyncio::Exception*>(nullptr)) == text);
    BOOST_TEST(caught_as(static_cast<const asyncio::BaseException*>(nullptr)) == text);
    try {
        throw error;
    } catch (const std::exception& found) {
        BOOST_TEST(found.what() == std::string("[SSL: X] text"));
    }
    const auto stored = std::make_exception_ptr(error);
    BOOST_TEST(asyncio::is_instance<asyncio::ValueError>(stored));
    BOOST_TEST(asyncio::is_instance<asyncio::OSError>(stored));
}

namespace {
struct Mine : asyncio::ValueError {
    using asyncio::ValueError::ValueError;
};
struct Derived : Mine {
    Derived() : Mine("derived") {}
};
struct Device : asyncio::OSError {
    explicit Device(int number) : asyncio::OSError(number, "device"), extra("kept") {}
    std::string extra;
};
} // namespace

// The virtual base of ValueError and OSError is no concern of those who derive from them.
BOOST_AUTO_TEST_CASE(own_errors_keep_their_text) {
    BOOST_TEST(asyncio::repr(Mine("text")) == "Mine('text')");
    BOOST_TEST(asyncio::repr(Mine()) == "Mine()");
    const Derived derived;
    const Derived copy = derived;
    BOOST_TEST(asyncio::repr(copy) == "Derived('derived')");
    // As std::throw_with_nested() does: copied as a base of another class
    struct Holder : Device {
        explicit Holder(const Device& other) : Device(other) {}
    };
    const Holder holder{Device(8)};
    BOOST_TEST(asyncio::repr(static_cast<const asyncio::OSError&>(holder)) ==
               "Holder(8, 'device')");
    Device device(5);
    const Device other(6);
    device = other;
    BOOST_TEST(asyncio::repr(device) == "Device(6, 'device')");
    BOOST_TEST(device.extra == "kept");
    try {
        throw Device(7);
    } catch (const std::exception& error) {
        BOOST_TEST(error.what() == std::string("[Errno 7] device"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
