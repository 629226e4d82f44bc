// OSError: texts, the subclass for every errno, error codes of other libraries. // own loop only
#include <asyncio/exceptions.hpp>

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <cerrno>

#include <netdb.h>

using namespace asyncio;

BOOST_AUTO_TEST_SUITE(os_error)

// The right-hand sides are what Python 3.11 prints.
BOOST_AUTO_TEST_CASE(texts_are_those_of_python) {
    BOOST_TEST(OSError(111, "Connection refused").str() == "[Errno 111] Connection refused");
    BOOST_TEST(OSError(2, "No such file or directory", "/x").str() ==
               "[Errno 2] No such file or directory: '/x'");
    BOOST_TEST(OSError("text").str() == "text");
    BOOST_TEST(OSError().str() == "");
    BOOST_TEST(OSError(2, "").str() == "[Errno 2] ");
    BOOST_TEST(repr(OSError()) == "OSError()");
    BOOST_TEST(repr(OSError("text")) == "OSError('text')");
    BOOST_TEST(repr(FileNotFoundError(2, "n", "/f")) == "FileNotFoundError(2, 'n')");
}

BOOST_AUTO_TEST_CASE(attributes_are_empty_without_a_number) {
    const OSError plain("text");
    BOOST_TEST(plain.err() == 0);
    BOOST_TEST(plain.strerror() == "");
    BOOST_TEST(!plain.filename());
    BOOST_TEST(!plain.code());
    const OSError full(ENOENT, "No such file", "/f");
    BOOST_TEST(full.err() == ENOENT);
    BOOST_TEST(full.strerror() == "No such file");
    BOOST_TEST(full.filename().value() == "/f");
    BOOST_TEST((full.code() == std::errc::no_such_file_or_directory));
}

// Python: {n: type(OSError(n, "")).__name__ for n in errno.errorcode}
BOOST_AUTO_TEST_CASE(errno_selects_the_class_as_in_python) {
    const std::pair<int, const char*> expected[] = {{EAGAIN, "BlockingIOError"},
                                                    {EWOULDBLOCK, "BlockingIOError"},
                                                    {EALREADY, "BlockingIOError"},
                                                    {EINPROGRESS, "BlockingIOError"},
                                                    {EPIPE, "BrokenPipeError"},
                                                    {ESHUTDOWN, "BrokenPipeError"},
                                                    {ECHILD, "ChildProcessError"},
                                                    {ECONNABORTED, "ConnectionAbortedError"},
                                                    {ECONNREFUSED, "ConnectionRefusedError"},
                                                    {ECONNRESET, "ConnectionResetError"},
                                                    {EEXIST, "FileExistsError"},
                                                    {ENOENT, "FileNotFoundError"},
                                                    {EINTR, "InterruptedError"},
                                                    {EISDIR, "IsADirectoryError"},
                                                    {ENOTDIR, "NotADirectoryError"},
                                                    {EACCES, "PermissionError"},
                                                    {EPERM, "PermissionError"},
                                                    {ESRCH, "ProcessLookupError"},
                                                    {ETIMEDOUT, "TimeoutError"},
                                                    {EBADF, "OSError"},
                                                    {EINVAL, "OSError"},
                                                    {EADDRINUSE, "OSError"},
                                                    {EHOSTUNREACH, "OSError"},
                                                    {ENOTCONN, "OSError"},
                                                    {EMFILE, "OSError"},
                                                    {0, "OSError"}};
    for (const auto& [number, name] : expected) {
        const auto error = OSError::from_errno(number);
        BOOST_TEST_CONTEXT("errno " << number) {
            BOOST_TEST(type_name(error) == name);
            BOOST_TEST(exception_cast<OSError>(error)->err() == number);
        }
    }
}

BOOST_AUTO_TEST_CASE(from_errno_describes_the_number_itself) {
    BOOST_TEST(str(OSError::from_errno(ECONNREFUSED)) ==
               "[Errno " + std::to_string(ECONNREFUSED) + "] Connection refused");
    BOOST_TEST(repr(OSError::from_errno(ENOENT, "mine", "/f")) == "FileNotFoundError(2, 'mine')");
    BOOST_TEST(str(OSError::from_errno(ENOENT, "mine", "/f")) == "[Errno 2] mine: '/f'");
    BOOST_CHECK_EXCEPTION(raise_from_errno(EPIPE, "gone"), BrokenPipeError,
                          [](const BrokenPipeError& e) { return e.strerror() == "gone"; });
}

// ERR-03
BOOST_AUTO_TEST_CASE(error_codes_become_the_matching_class) {
    BOOST_CHECK_THROW(OSError::raise(std::make_error_code(std::errc::connection_reset)),
                      ConnectionResetError);
    BOOST_CHECK_EXCEPTION(
        OSError::raise({EPERM, std::system_category()}, "Connect call failed"), PermissionError,
        [](const PermissionError& e) { return e.str() == "[Errno 1] Connect call failed"; });
    const boost::system::error_code refused = boost::asio::error::connection_refused;
    BOOST_TEST(type_name(OSError::from_code(refused)) == "ConnectionRefusedError");
    const auto other = OSError::from_code(make_error_code(std::io_errc::stream), "bad stream");
    BOOST_TEST(repr(other) == "OSError('bad stream')");
    BOOST_TEST(exception_cast<OSError>(other)->err() == 0);
}

BOOST_AUTO_TEST_CASE(name_resolution_fails_with_gaierror) {
    const gaierror unknown(EAI_NONAME, "Name or service not known");
    BOOST_TEST(unknown.str() == "[Errno -2] Name or service not known");
    BOOST_TEST(unknown.code().value() == EAI_NONAME);
    BOOST_TEST((unknown.code().category() != std::system_category()));
    BOOST_TEST(unknown.code().message() == gai_strerror(EAI_NONAME));
    BOOST_TEST(repr(OSError::from_code(unknown.code())) ==
               "gaierror(-2, 'Name or service not known')");
    const boost::system::error_code not_found = boost::asio::error::host_not_found;
    BOOST_TEST(is_instance<gaierror>(OSError::from_code(not_found)));
    const boost::system::error_code service = boost::asio::error::service_not_found;
    BOOST_TEST(is_instance<gaierror>(OSError::from_code(service)));
}

BOOST_AUTO_TEST_SUITE_END()
