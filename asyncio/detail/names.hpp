// Layer 0. Readable names of C++ things, for repr and log lines.
#pragma once
#include <asyncio/config.hpp>

#include <source_location>
#include <string>
#include <typeinfo>

namespace asyncio::detail {

/// Where a function was called: the default of a last parameter. `{}` is not one, so overloads
/// with options stay unambiguous.
struct CallSite {
    constexpr explicit CallSite(std::source_location at) noexcept : where(at) {}
    std::source_location where;
};

/// "work" from the pretty name of a coroutine function, on both compilers.
ASYNCIO_EXPORT std::string function_name(const std::source_location& where);
/// "on_timer" or "amain::<lambda>" from the type of a bound callable.
ASYNCIO_EXPORT std::string callable_name(const std::type_info& type);
/// "FILE:LINE"; empty for an unknown place.
ASYNCIO_EXPORT std::string place(const std::source_location& where);
ASYNCIO_EXPORT std::string object_name_of(const std::type_info& type, const void* object);
/// "<EchoProtocol object at 0x...>" of a polymorphic object.
template <class T>
std::string object_name(const T* object) {
    return object_name_of(typeid(*object), object);
}

} // namespace asyncio::detail
