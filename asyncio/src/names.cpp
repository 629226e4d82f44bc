// Layer 0. Cleans up the names that compilers give to functions and types.
#include <asyncio/detail/names.hpp>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>

#include <cxxabi.h>

namespace asyncio::detail {
namespace {

std::string demangle(const char* name) {
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> text(
        abi::__cxa_demangle(name, nullptr, nullptr, &status), std::free);
    return status == 0 ? text.get() : name;
}

// The first character outside of all brackets that `stop` accepts, from `from` on.
template <class Stop>
std::size_t find_outside(std::string_view text, std::size_t from, Stop stop) {
    int depth = 0;
    for (std::size_t i = from; i < text.size(); ++i) {
        const char c = text[i];
        if (depth == 0 && stop(i)) return i;
        if (c == '<' || c == '(' || c == '{' || c == '[') ++depth;
        if (c == '>' || c == ')' || c == '}' || c == ']') --depth;
    }
    return text.npos;
}

// A parameter list that is followed by "::" belongs to the name: "amain()::Local::method(int)".
std::size_t end_of_name(std::string_view text) {
    std::size_t from = 0;
    for (;;) {
        const auto open = find_outside(text, from, [&](std::size_t i) { return text[i] == '('; });
        if (open == text.npos) return open;
        if (text.substr(0, open).ends_with("operator") && text.substr(open, 2) == "()") {
            from = open + 2; // the parameters come next
            continue;
        }
        auto close = open;
        for (int depth = 0; close < text.size(); ++close) {
            depth += (text[close] == '(') - (text[close] == ')');
            if (depth == 0) break;
        }
        from = close + 1;
        if (text.substr(from, 6) == " const") from += 6;
        if (text.substr(from, 2) != "::") return open;
    }
}

std::string last_component(std::string_view qualified) {
    std::size_t start = 0;
    for (;;) {
        const auto at = find_outside(qualified, start,
                                     [&](std::size_t i) { return qualified.substr(i, 2) == "::"; });
        if (at == qualified.npos) break;
        start = at + 2;
    }
    return std::string(qualified.substr(start));
}

} // namespace

std::string function_name(const std::source_location& where) {
    std::string_view text = where.function_name();
    text = text.substr(0, end_of_name(text));
    std::size_t start = 0;
    for (;;) {
        const auto at = find_outside(text, start, [&](std::size_t i) { return text[i] == ' '; });
        if (at == text.npos) break;
        start = at + 1;
    }
    std::string name = last_component(text.substr(start));
    if (name.starts_with("<lambda") || name.starts_with("operator")) return "<lambda>";
    return name.substr(0, name.find('<'));
}

std::string callable_name(const std::type_info& type) {
    std::string name = demangle(type.name());
    constexpr std::string_view bound = "asyncio::detail::BoundCall<";
    if (name.starts_with(bound)) name = name.substr(bound.size());
    const auto end =
        find_outside(name, 0, [&](std::size_t i) { return name[i] == ',' || name[i] == '>'; });
    return name.substr(0, end);
}

std::string place(const std::source_location& where) {
    if (where.line() == 0) return {};
    return std::string(where.file_name()) + ':' + std::to_string(where.line());
}

std::string object_name_of(const std::type_info& type, const void* object) {
    char address[32];
    std::snprintf(address, sizeof address, "%p", object);
    return '<' + last_component(demangle(type.name())) + " object at " + address + '>';
}

} // namespace asyncio::detail
