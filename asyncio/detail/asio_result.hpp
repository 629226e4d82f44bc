// Layer 2. What an Asio operation ends with, as asyncio has it: one value, or an exception.
//
// The handler's first argument is the error when it is an error_code or an exception_ptr; of what
// follows, nothing becomes void, one a value, several a tuple. Part of asio.hpp.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/result.hpp>

#include <exception>
#include <tuple>
#include <type_traits>
#include <utility>

#include <boost/system/error_code.hpp>

namespace asyncio::detail {

/// EOFError for the end of a stream, gaierror, OSError and its subclasses for the rest.
ASYNCIO_EXPORT std::exception_ptr error_of(const boost::system::error_code& code);

template <class... T>
struct Packed {
    using type = std::tuple<T...>;
};
template <class T>
struct Packed<T> {
    using type = T;
};
template <>
struct Packed<> {
    using type = void;
};

template <class... T>
struct ValueOf {
    using type = typename Packed<std::decay_t<T>...>::type;
    template <class... Args>
    static std::exception_ptr store(Slot<type>& value, Args&&... args) {
        value.emplace(std::forward<Args>(args)...);
        return nullptr;
    }
};

/// Maps a completion signature to the type of the result; store() fills it or returns the error.
template <class Signature>
struct Completion;
template <class... T>
struct Completion<void(T...)> : ValueOf<T...> {};
template <class... T>
struct Completion<void(boost::system::error_code, T...)> : ValueOf<T...> {
    template <class... Args>
    static std::exception_ptr store(Slot<typename ValueOf<T...>::type>& value,
                                    const boost::system::error_code& code, Args&&... args) {
        return code ? error_of(code) : ValueOf<T...>::store(value, std::forward<Args>(args)...);
    }
};
template <class... T>
struct Completion<void(std::exception_ptr, T...)> : ValueOf<T...> {
    template <class... Args>
    static std::exception_ptr store(Slot<typename ValueOf<T...>::type>& value,
                                    std::exception_ptr error, Args&&... args) {
        return error ? error : ValueOf<T...>::store(value, std::forward<Args>(args)...);
    }
};

} // namespace asyncio::detail
