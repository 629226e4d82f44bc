// Layer 0. BaseException and Exception: the two roots every error of the library derives from.
//
// Python counterpart: the built-in BaseException and Exception. `catch (const std::exception&)` is
// Python's `except Exception`: it does not see cancellation, KeyboardInterrupt and SystemExit,
// which derive from BaseException alone.
#pragma once

#include <asyncio/config.hpp>

#include <atomic>
#include <exception>
#include <string>
#include <type_traits>
#include <utility>

namespace asyncio {

namespace detail {
struct ExceptionData;
}

/// Root of all errors of the library; deliberately not a std::exception.
///
/// Copying never throws: copies share the message, the cause and the context until one of them is
/// changed. Const methods may be called from several threads at once.
///
/// BaseException is always a virtual base, so a class that defines constructors of its own passes
/// the message to its direct base (`Exception`, `ValueError`, ...), never to BaseException.
class ASYNCIO_EXPORT BaseException {
public:
    BaseException() noexcept;
    explicit BaseException(std::string message);
    BaseException(const BaseException& other) noexcept;
    BaseException& operator=(const BaseException& other) noexcept;
    virtual ~BaseException();

    /// The text given at construction, empty if none was. The reference is valid until this object
    /// is changed or destroyed.
    const std::string& message() const noexcept;
    /// True if a text was given, even an empty one: `E("")` and `E()` differ in repr().
    bool has_message() const noexcept;

    /// Python's str(e). Override it to compute the text; what() follows.
    virtual std::string str() const;
    /// What repr(e) prints between the parentheses: `'text'`, or nothing without arguments.
    virtual std::string repr_args() const;

    /// The error this one was raised from (`raise ... from cause`), or null.
    std::exception_ptr cause() const noexcept;
    /// Sets the cause. As in Python, an error with a cause no longer shows its context.
    void set_cause(std::exception_ptr cause);
    /// The error that was being handled when this one was raised, or null. C++ does not record it
    /// by itself.
    std::exception_ptr context() const noexcept;
    void set_context(std::exception_ptr context);
    /// True once set_cause() was called.
    bool suppress_context() const noexcept;

protected:
    // Constructors of derived classes assign the message in their body: the initialiser of a
    // virtual base is ignored in all but the most derived class.
    void assign_message(std::string message);

private:
    friend class Exception;
    virtual void anchor() const; // overridden out of line: each vtable is emitted once
    const char* stored_text() const noexcept;
    detail::ExceptionData& own_data();

    mutable std::atomic<detail::ExceptionData*> data_{nullptr};
};

/// Root of all ordinary errors. Derive application errors from it or from one of its children:
///
///     struct ProtocolError : asyncio::Exception { using asyncio::Exception::Exception; };
class ASYNCIO_EXPORT Exception : public virtual BaseException, public std::exception {
public:
    Exception() noexcept;
    explicit Exception(std::string message);
    Exception(const Exception& other) noexcept;
    Exception& operator=(const Exception& other) noexcept;
    ~Exception() override;

    /// str() as a C string. Valid until this object is changed and all its copies are destroyed.
    const char* what() const noexcept override;
};

/// `raise error from cause`: throws a copy of `error` that carries the cause.
template <class E>
    requires std::is_base_of_v<BaseException, E>
[[noreturn]] void raise_from(E error, std::exception_ptr cause) {
    error.set_cause(std::move(cause));
    throw error;
}

} // namespace asyncio
