// Layer 0. All errors of the library: Python's built-in ones it uses, and asyncio's own.
//
// Python counterpart: asyncio.exceptions and the built-in exceptions. Everything that raises in
// the layers above raises one of these; Boost's error types never leave the library.
#pragma once

#include <asyncio/detail/exception_base.hpp>
#include <asyncio/detail/exception_inspect.hpp>
#include <asyncio/detail/exception_os.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace asyncio {

/// The future or task was cancelled. Not an Exception: handlers of ordinary errors let it pass.
class ASYNCIO_EXPORT CancelledError : public virtual BaseException {
public:
    CancelledError() noexcept;
    explicit CancelledError(std::string message);
    CancelledError(const CancelledError& other) noexcept;
    CancelledError& operator=(const CancelledError& other) noexcept;
    ~CancelledError() override;
};

/// The user interrupted the program; leaves the event loop at once.
class ASYNCIO_EXPORT KeyboardInterrupt : public virtual BaseException {
public:
    KeyboardInterrupt() noexcept;
    explicit KeyboardInterrupt(std::string message);
    KeyboardInterrupt(const KeyboardInterrupt& other) noexcept;
    KeyboardInterrupt& operator=(const KeyboardInterrupt& other) noexcept;
    ~KeyboardInterrupt() override;
};

/// The program asks to exit; leaves the event loop at once.
class ASYNCIO_EXPORT SystemExit : public virtual BaseException {
public:
    SystemExit() noexcept;
    explicit SystemExit(int code);
    /// Exits with status 1 after printing the text, as Python does.
    explicit SystemExit(std::string message);
    SystemExit(const SystemExit& other) noexcept;
    SystemExit& operator=(const SystemExit& other) noexcept;
    ~SystemExit() override;

    /// The exit status the process should end with.
    int code() const noexcept { return code_.value_or(0); }
    std::string str() const override;
    std::string repr_args() const override;

private:
    std::optional<int> code_;
};

/// Thrown at the `co_yield` of an asynchronous generator that is being closed.
class ASYNCIO_EXPORT GeneratorExit : public virtual BaseException {
public:
    GeneratorExit() noexcept;
    explicit GeneratorExit(std::string message);
    GeneratorExit(const GeneratorExit& other) noexcept;
    GeneratorExit& operator=(const GeneratorExit& other) noexcept;
    ~GeneratorExit() override;
};

/// The operation is not possible in this situation.
class ASYNCIO_EXPORT RuntimeError : public Exception {
public:
    using Exception::Exception;

private:
    void anchor() const override;
};

/// An argument has the right type and a wrong value. Its base is virtual, because some errors are an
/// OSError as well (ssl::SSLCertVerificationError).
class ASYNCIO_EXPORT ValueError : public virtual Exception {
public:
    ValueError() noexcept = default;
    explicit ValueError(std::string message);
    ValueError(const ValueError& other) noexcept;
    ValueError& operator=(const ValueError& other) noexcept;

private:
    void anchor() const override;
};

/// An argument is of the wrong type.
class ASYNCIO_EXPORT TypeError : public Exception {
public:
    using Exception::Exception;

private:
    void anchor() const override;
};

/// A key, an index or a context variable has no value.
class ASYNCIO_EXPORT LookupError : public Exception {
public:
    using Exception::Exception;

private:
    void anchor() const override;
};

/// A number is out of the range that the system can represent.
class ASYNCIO_EXPORT OverflowError : public Exception {
public:
    using Exception::Exception;

private:
    void anchor() const override;
};

/// The object does not provide this operation.
class ASYNCIO_EXPORT NotImplementedError : public RuntimeError {
public:
    using RuntimeError::RuntimeError;

private:
    void anchor() const override;
};

/// The input ended too early.
class ASYNCIO_EXPORT EOFError : public Exception {
public:
    using Exception::Exception;

private:
    void anchor() const override;
};

/// A condition that must hold does not.
class ASYNCIO_EXPORT AssertionError : public Exception {
public:
    using Exception::Exception;

private:
    void anchor() const override;
};

/// An asynchronous iterator has no further value.
class ASYNCIO_EXPORT StopAsyncIteration : public Exception {
public:
    using Exception::Exception;

private:
    void anchor() const override;
};

/// The operation is not allowed in this state of the future.
class ASYNCIO_EXPORT InvalidStateError : public Exception {
public:
    using Exception::Exception;

private:
    void anchor() const override;
};

/// The stream ended before the requested bytes arrived.
class ASYNCIO_EXPORT IncompleteReadError : public EOFError {
public:
    /// `expected` is empty when a separator was searched for.
    IncompleteReadError(std::string partial_bytes, std::optional<std::size_t> expected_size);

    /// The bytes read before the end of the stream.
    std::string partial;
    /// The number of bytes asked for, if there was one.
    std::optional<std::size_t> expected;

private:
    void anchor() const override;
};

/// The buffer limit was reached while searching for a separator.
class ASYNCIO_EXPORT LimitOverrunError : public Exception {
public:
    LimitOverrunError(std::string message, std::size_t consumed_size);

    /// The number of buffered bytes to consume before trying again.
    std::size_t consumed;

private:
    void anchor() const override;
};

/// The sendfile system call does not work for this file or transport.
class ASYNCIO_EXPORT SendfileNotAvailableError : public RuntimeError {
public:
    using RuntimeError::RuntimeError;

private:
    void anchor() const override;
};

/// The barrier was aborted or reset while tasks waited for it.
class ASYNCIO_EXPORT BrokenBarrierError : public RuntimeError {
public:
    using RuntimeError::RuntimeError;

private:
    void anchor() const override;
};

/// get_nowait() on an empty queue.
class ASYNCIO_EXPORT QueueEmpty : public Exception {
public:
    using Exception::Exception;

private:
    void anchor() const override;
};

/// put_nowait() on a full queue.
class ASYNCIO_EXPORT QueueFull : public Exception {
public:
    using Exception::Exception;

private:
    void anchor() const override;
};

/// put() or get() on a queue that was shut down.
class ASYNCIO_EXPORT QueueShutDown : public Exception {
public:
    using Exception::Exception;

private:
    void anchor() const override;
};

} // namespace asyncio

#include <asyncio/exception_groups.hpp>
