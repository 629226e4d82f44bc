// Layer 0. Looking at errors: type_name, str, repr, is_instance, exception_cast, format_exception.
//
// Python counterpart: type(e).__name__, str(e), repr(e), isinstance(e, E) and
// traceback.format_exception. All of them accept std::exception_ptr and foreign exceptions too.
// Every function here is thread-safe.
#pragma once

#include <asyncio/detail/exception_base.hpp>

#include <string_view>
#include <typeinfo>

namespace asyncio {

namespace detail {

/// The E subobject of the exception that a `catch (const E&)` clause would bind, or null.
/// `type` must be that of a class. Does not throw, rethrow or allocate on libstdc++.
ASYNCIO_EXPORT const void* find_exception(const std::exception_ptr& error,
                                          const std::type_info& type) noexcept;

/// A text as Python's repr(str) prints it: quoted, control characters and invalid UTF-8 escaped.
ASYNCIO_EXPORT std::string repr_string(std::string_view text);

/// The last component of a type's name: `ValueError`, `runtime_error`.
ASYNCIO_EXPORT std::string type_name(const std::type_info& type);

} // namespace detail

/// isinstance-like access to a stored error: the object a `catch (const E&)` would bind, or null.
/// The pointer is valid as long as a std::exception_ptr refers to the error.
template <class E>
const E* exception_cast(const std::exception_ptr& error) noexcept {
    static_assert(!std::is_pointer_v<E> && !std::is_reference_v<E>,
                  "exception_cast looks for class types");
#if defined(__GLIBCXX__)
    return static_cast<const E*>(detail::find_exception(error, typeid(E)));
#else
    // Rethrowing does not copy the exception, so the address stays valid after the handler.
    if (!error) return nullptr;
    try {
        std::rethrow_exception(error);
    } catch (const E& found) {
        return &found;
    } catch (...) {
        return nullptr;
    }
#endif
}

/// isinstance(error, (E, Others...)); false for a null pointer.
template <class E, class... Others>
bool is_instance(const std::exception_ptr& error) noexcept {
    return exception_cast<E>(error) != nullptr ||
           (false || ... || (exception_cast<Others>(error) != nullptr));
}

/// True for CancelledError.
ASYNCIO_EXPORT bool is_cancelled(const std::exception_ptr& error) noexcept;
/// True for KeyboardInterrupt and SystemExit, which leave the event loop instead of being stored.
ASYNCIO_EXPORT bool is_base_only(const std::exception_ptr& error) noexcept;

/// type(e).__name__ without namespaces; `NoneType` for a null pointer.
ASYNCIO_EXPORT std::string type_name(const BaseException& error);
ASYNCIO_EXPORT std::string type_name(const Exception& error);
ASYNCIO_EXPORT std::string type_name(const std::exception& error);
ASYNCIO_EXPORT std::string type_name(const std::exception_ptr& error);

/// str(e): what() for foreign exceptions, the text itself if a string was thrown, else empty.
ASYNCIO_EXPORT std::string str(const BaseException& error);
ASYNCIO_EXPORT std::string str(const Exception& error);
ASYNCIO_EXPORT std::string str(const std::exception& error);
ASYNCIO_EXPORT std::string str(const std::exception_ptr& error);

/// repr(e): `ValueError('text')`, `CancelledError()`, `runtime_error('text')`.
ASYNCIO_EXPORT std::string repr(const BaseException& error);
ASYNCIO_EXPORT std::string repr(const Exception& error);
ASYNCIO_EXPORT std::string repr(const std::exception& error);
ASYNCIO_EXPORT std::string repr(const std::exception_ptr& error);

/// The error it was raised from: cause(), or what std::throw_with_nested stored, or null.
ASYNCIO_EXPORT std::exception_ptr cause_of(const std::exception_ptr& error) noexcept;

/// The error as traceback.format_exception prints it: causes first, groups indented, one
/// `Type: text` per error. No line break at the end; "NoneType: None" for a null pointer.
ASYNCIO_EXPORT std::string format_exception(const std::exception_ptr& error);

} // namespace asyncio
