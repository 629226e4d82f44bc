// Layer 0. OSError and its subclasses: what the operating system refused, by errno.
//
// Python counterpart: the built-in OSError tree and socket.gaierror. Errors of Boost and of the
// standard library are converted here and never leave the library as they are.
#pragma once

#include <asyncio/detail/exception_base.hpp>

#include <optional>
#include <system_error>

namespace asyncio {

/// A system call failed. Either a text alone, or an error number with its description and
/// optionally the file it concerns.
/// Its base is virtual, because some errors are a ValueError as well.
class ASYNCIO_EXPORT OSError : public virtual Exception {
public:
    OSError() noexcept = default;
    explicit OSError(std::string text);
    /// Prints as `[Errno 111] Connection refused` or `[Errno 2] No such file: '/x'`.
    OSError(int err, std::string strerror, std::optional<std::string> filename = {});
    OSError(const OSError& other);
    OSError& operator=(const OSError& other);

    /// errno, 0 if none was given.
    int err() const noexcept { return err_.value_or(0); }
    /// The description that came with the number, empty without one. Valid as long as message().
    const std::string& strerror() const noexcept;
    const std::optional<std::string>& filename() const noexcept { return filename_; }
    /// The number in std::system_category() (an own category for gaierror): compare with std::errc.
    virtual std::error_code code() const noexcept;

    std::string str() const override;
    std::string repr_args() const override;

    /// The subclass that Python's OSError(err, message, filename) constructs; the description
    /// defaults to the system's.
    static std::exception_ptr from_errno(int err, std::optional<std::string> message = {},
                                         std::optional<std::string> filename = {});
    /// The same for any error code: numbers of the system and generic categories as from_errno,
    /// name resolution as gaierror, others as an OSError with text only. An empty `message` stands
    /// for the code's own.
    static std::exception_ptr from_code(const std::error_code& code, std::string message = {});
    [[noreturn]] static void raise(const std::error_code& code, std::string message = {});

private:
    std::optional<int> err_;
    std::optional<std::string> filename_;
};

/// Throws what OSError::from_errno returns.
[[noreturn]] ASYNCIO_EXPORT void raise_from_errno(int err, std::optional<std::string> message = {},
                                                  std::optional<std::string> filename = {});

/// The call would block (EAGAIN, EALREADY, EINPROGRESS).
class ASYNCIO_EXPORT BlockingIOError : public OSError {
public:
    using OSError::OSError;

private:
    void anchor() const override;
};

/// ECHILD.
class ASYNCIO_EXPORT ChildProcessError : public OSError {
public:
    using OSError::OSError;

private:
    void anchor() const override;
};

/// Base of the connection errors.
class ASYNCIO_EXPORT ConnectionError : public OSError {
public:
    using OSError::OSError;

private:
    void anchor() const override;
};

/// The other end of a pipe or socket is closed (EPIPE, ESHUTDOWN).
class ASYNCIO_EXPORT BrokenPipeError : public ConnectionError {
public:
    using ConnectionError::ConnectionError;

private:
    void anchor() const override;
};

/// ECONNABORTED.
class ASYNCIO_EXPORT ConnectionAbortedError : public ConnectionError {
public:
    using ConnectionError::ConnectionError;

private:
    void anchor() const override;
};

/// ECONNREFUSED.
class ASYNCIO_EXPORT ConnectionRefusedError : public ConnectionError {
public:
    using ConnectionError::ConnectionError;

private:
    void anchor() const override;
};

/// ECONNRESET.
class ASYNCIO_EXPORT ConnectionResetError : public ConnectionError {
public:
    using ConnectionError::ConnectionError;

private:
    void anchor() const override;
};

/// EEXIST.
class ASYNCIO_EXPORT FileExistsError : public OSError {
public:
    using OSError::OSError;

private:
    void anchor() const override;
};

/// ENOENT.
class ASYNCIO_EXPORT FileNotFoundError : public OSError {
public:
    using OSError::OSError;

private:
    void anchor() const override;
};

/// EINTR.
class ASYNCIO_EXPORT InterruptedError : public OSError {
public:
    using OSError::OSError;

private:
    void anchor() const override;
};

/// EISDIR.
class ASYNCIO_EXPORT IsADirectoryError : public OSError {
public:
    using OSError::OSError;

private:
    void anchor() const override;
};

/// ENOTDIR.
class ASYNCIO_EXPORT NotADirectoryError : public OSError {
public:
    using OSError::OSError;

private:
    void anchor() const override;
};

/// EACCES, EPERM.
class ASYNCIO_EXPORT PermissionError : public OSError {
public:
    using OSError::OSError;

private:
    void anchor() const override;
};

/// ESRCH.
class ASYNCIO_EXPORT ProcessLookupError : public OSError {
public:
    using OSError::OSError;

private:
    void anchor() const override;
};

/// A deadline passed: the library's timeouts and ETIMEDOUT.
class ASYNCIO_EXPORT TimeoutError : public OSError {
public:
    using OSError::OSError;

private:
    void anchor() const override;
};

/// Name resolution failed; err() is an EAI_ number.
class ASYNCIO_EXPORT gaierror : public OSError {
public:
    using OSError::OSError;
    std::error_code code() const noexcept override;
};

} // namespace asyncio
