// Layer 0. OSError: texts, and the class for an errno or error code. See detail/exception_os.hpp.
#include <asyncio/exceptions.hpp>

#include <cerrno>

#include <netdb.h>

namespace asyncio {

OSError::OSError(std::string text) { assign_message(std::move(text)); }

OSError::OSError(int err, std::string strerror, std::optional<std::string> filename)
    : err_(err), filename_(std::move(filename)) {
    assign_message(std::move(strerror));
}

// What is copied as a base leaves its virtual bases to the whole object, which may not know them.
OSError::OSError(const OSError& other)
    : BaseException(other), Exception(other), err_(other.err_), filename_(other.filename_) {
    BaseException::operator=(other);
}

OSError& OSError::operator=(const OSError& other) {
    BaseException::operator=(other);
    err_ = other.err_;
    filename_ = other.filename_;
    return *this;
}

const std::string& OSError::strerror() const noexcept {
    static const std::string empty;
    return err_ ? message() : empty;
}

std::error_code OSError::code() const noexcept { return {err(), std::system_category()}; }

std::string OSError::str() const {
    if (!err_) return message();
    std::string text = "[Errno " + std::to_string(*err_) + "] " + message();
    if (filename_) text += ": " + detail::repr_string(*filename_);
    return text;
}

std::string OSError::repr_args() const {
    if (!err_) return BaseException::repr_args();
    return std::to_string(*err_) + ", " + detail::repr_string(message());
}

namespace {

struct OSErrorArgs {
    int err;
    std::string message;
    std::optional<std::string> filename;
};

template <class E>
std::exception_ptr make_os_error(OSErrorArgs args) {
    return std::make_exception_ptr(E(args.err, std::move(args.message), std::move(args.filename)));
}

using OSErrorMaker = std::exception_ptr (*)(OSErrorArgs);

OSErrorMaker maker_for(int err) noexcept {
    switch (err) {
    case EAGAIN:
#if EWOULDBLOCK != EAGAIN
    case EWOULDBLOCK:
#endif
    case EALREADY:
    case EINPROGRESS: return make_os_error<BlockingIOError>;
    case EPIPE:
    case ESHUTDOWN: return make_os_error<BrokenPipeError>;
    case ECHILD: return make_os_error<ChildProcessError>;
    case ECONNABORTED: return make_os_error<ConnectionAbortedError>;
    case ECONNREFUSED: return make_os_error<ConnectionRefusedError>;
    case ECONNRESET: return make_os_error<ConnectionResetError>;
    case EEXIST: return make_os_error<FileExistsError>;
    case ENOENT: return make_os_error<FileNotFoundError>;
    case EISDIR: return make_os_error<IsADirectoryError>;
    case ENOTDIR: return make_os_error<NotADirectoryError>;
    case EINTR: return make_os_error<InterruptedError>;
    case EACCES:
    case EPERM: return make_os_error<PermissionError>;
    case ESRCH: return make_os_error<ProcessLookupError>;
    case ETIMEDOUT: return make_os_error<TimeoutError>;
    default: return make_os_error<OSError>;
    }
}

class AddressInfoCategory : public std::error_category {
public:
    const char* name() const noexcept override { return "getaddrinfo"; }
    std::string message(int err) const override { return gai_strerror(err); }
};

} // namespace

std::error_code gaierror::code() const noexcept {
    static const AddressInfoCategory category;
    return {err(), category};
}

std::exception_ptr OSError::from_errno(int err, std::optional<std::string> message,
                                       std::optional<std::string> filename) {
    std::string text = message ? std::move(*message) : std::system_category().message(err);
    return maker_for(err)({err, std::move(text), std::move(filename)});
}

std::exception_ptr OSError::from_code(const std::error_code& code, std::string message) {
    if (message.empty()) message = code.message();
    const std::error_category& category = code.category();
    if (category == std::system_category() || category == std::generic_category())
        return from_errno(code.value(), std::move(message));
    // Asio has two categories for name resolution, gaierror::code() a third.
    const std::string_view name = category.name();
    if (name == "asio.addrinfo" || name == "asio.netdb" || name == "getaddrinfo")
        return make_os_error<gaierror>({code.value(), std::move(message), {}});
    return std::make_exception_ptr(OSError(std::move(message)));
}

void OSError::raise(const std::error_code& code, std::string message) {
    std::rethrow_exception(from_code(code, std::move(message)));
}

void raise_from_errno(int err, std::optional<std::string> message,
                      std::optional<std::string> filename) {
    std::rethrow_exception(OSError::from_errno(err, std::move(message), std::move(filename)));
}

#define ASYNCIO_ANCHOR(NAME)                                                                       \
    void NAME::anchor() const {}

ASYNCIO_ANCHOR(BlockingIOError)
ASYNCIO_ANCHOR(ChildProcessError)
ASYNCIO_ANCHOR(ConnectionError)
ASYNCIO_ANCHOR(BrokenPipeError)
ASYNCIO_ANCHOR(ConnectionAbortedError)
ASYNCIO_ANCHOR(ConnectionRefusedError)
ASYNCIO_ANCHOR(ConnectionResetError)
ASYNCIO_ANCHOR(FileExistsError)
ASYNCIO_ANCHOR(FileNotFoundError)
ASYNCIO_ANCHOR(InterruptedError)
ASYNCIO_ANCHOR(IsADirectoryError)
ASYNCIO_ANCHOR(NotADirectoryError)
ASYNCIO_ANCHOR(PermissionError)
ASYNCIO_ANCHOR(ProcessLookupError)
ASYNCIO_ANCHOR(TimeoutError)

} // namespace asyncio
