// Python's print() for the conformance pairs: the C++ half of a pair reads line by line like the
// Python half, and both print the same trace.
#pragma once
#include <asyncio/asyncio.hpp>

#include <exception>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

namespace py {

struct None_t {};
inline constexpr None_t None;

inline std::string repr(std::string_view text) {
    const char quote = text.find('\'') != text.npos && text.find('"') == text.npos ? '"' : '\'';
    std::string out(1, quote);
    for (char c : text) {
        if (c == quote || c == '\\')
            (out += '\\') += c;
        else if (c == '\n')
            out += "\\n";
        else if (c == '\r')
            out += "\\r";
        else if (c == '\t')
            out += "\\t";
        else if (static_cast<unsigned char>(c) < 32 || static_cast<unsigned char>(c) > 126) {
            const char* hex = "0123456789abcdef";
            out += "\\x";
            out += hex[(static_cast<unsigned char>(c) >> 4) & 15];
            out += hex[static_cast<unsigned char>(c) & 15];
        } else
            out += c;
    }
    return out + quote;
}
inline std::string repr(const std::string& text) { return repr(std::string_view(text)); }
inline std::string repr(const char* text) { return repr(std::string_view(text)); }
// repr(b"...") of a bytes object.
inline std::string bytes(std::string_view data) { return "b" + repr(data); }

inline std::string repr(bool value) { return value ? "True" : "False"; }
inline std::string repr(None_t) { return "None"; }
inline std::string repr(std::nullopt_t) { return "None"; }
inline std::string repr(const std::exception_ptr& error) {
    return error ? asyncio::repr(error) : "None";
}
template <class N>
    requires(std::is_arithmetic_v<N> && !std::is_same_v<N, bool>)
std::string repr(N value) {
    std::ostringstream out;
    out << value;
    return out.str();
}
template <class T>
std::string repr(const std::optional<T>& value);
template <class... T>
std::string repr(const std::tuple<T...>& values);
template <class T>
std::string repr(const std::vector<T>& values);

template <class T>
std::string repr(const std::optional<T>& value) {
    return value ? repr(*value) : "None";
}
template <class... T>
std::string repr(const std::tuple<T...>& values) {
    std::string out = "(";
    std::apply(
        [&](const auto&... v) { ((out += (out.size() > 1 ? ", " : ""), out += repr(v)), ...); },
        values);
    return out + (sizeof...(T) == 1 ? ",)" : ")");
}
template <class T>
std::string repr(const std::vector<T>& values) {
    std::string out = "[";
    for (std::size_t i = 0; i < values.size(); ++i) {
        const T value = values[i];
        out += (i ? ", " : "") + repr(value);
    }
    return out + "]";
}

inline std::string str(std::string_view text) { return std::string(text); }
inline std::string str(const std::string& text) { return text; }
inline std::string str(const char* text) { return text; }
template <class T>
std::string str(const T& value) {
    return repr(value);
}

// print(a, b, c): separated by blanks, strings bare, True/False/None as Python writes them.
template <class... T>
void print(const T&... values) {
    std::string line;
    bool first = true;
    ((line += (first ? "" : " "), line += str(values), first = false), ...);
    std::cout << line << std::endl;
}

} // namespace py
using py::print;
