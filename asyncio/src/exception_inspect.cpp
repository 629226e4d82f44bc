// Layer 0. Names, texts and casts of stored errors. See detail/exception_inspect.hpp.
#include <asyncio/exceptions.hpp>

#include <cstdlib>
#include <memory>

#include <cxxabi.h>

namespace asyncio {

namespace detail {

#if defined(__GLIBCXX__)
const void* find_exception(const std::exception_ptr& error, const std::type_info& type) noexcept {
    if (!error) return nullptr;
    // The one member of libstdc++'s exception_ptr is the address of the complete thrown object,
    // so the language runtime's own catch matching (virtual bases included) works without a throw.
    static_assert(sizeof(std::exception_ptr) == sizeof(void*));
    void* object = *reinterpret_cast<void* const*>(&error);
    const std::type_info& thrown = *error.__cxa_exception_type();
    if (thrown == type || type.__do_catch(&thrown, &object, 1)) return object;
    return nullptr;
}
#endif

namespace {

const std::type_info& thrown_type(const std::exception_ptr& error) {
#if defined(__GLIBCXX__)
    return *error.__cxa_exception_type();
#else
    try {
        std::rethrow_exception(error);
    } catch (...) {
        return *abi::__cxa_current_exception_type();
    }
#endif
}

std::string demangled(const std::type_info& type) {
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> name(
        abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free);
    return name ? name.get() : type.name();
}

// X of WRAPPER<X>: what std::throw_with_nested and boost::throw_exception put around an error.
std::string_view unwrapped(std::string_view name) {
    for (std::string_view wrapper : {"std::_Nested_exception<", "boost::wrapexcept<"}) {
        if (name.substr(0, wrapper.size()) == wrapper && name.back() == '>') {
            name.remove_prefix(wrapper.size());
            name.remove_suffix(1);
            while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
        }
    }
    return name;
}

// What follows the last `::` outside of brackets; functions enclose the types local to them.
std::string_view last_component(std::string_view name) {
    int depth = 0;
    for (std::size_t i = name.size(); i-- > 0;) {
        const char c = name[i];
        if (c == '>' || c == ')' || c == '}')
            ++depth;
        else if (c == '<' || c == '(' || c == '{')
            --depth;
        else if (c == ':' && depth == 0)
            return name.substr(i + 1);
    }
    return name;
}

std::string what_of(const std::exception& error) {
    const char* text = error.what();
    return text ? text : "";
}

std::string call_text(std::string name, const std::string& args) {
    return std::move(name) + "(" + args + ")";
}

} // namespace

std::string type_name(const std::type_info& type) {
    if (type == typeid(std::string)) return "string";
    const std::string full = demangled(type);
    std::string_view name = unwrapped(full);
    constexpr std::string_view abi_tag = "[abi:cxx11]";
    if (name.size() > abi_tag.size() && name.substr(name.size() - abi_tag.size()) == abi_tag)
        name.remove_suffix(abi_tag.size());
    return std::string(last_component(name));
}

} // namespace detail

bool is_cancelled(const std::exception_ptr& error) noexcept {
    return is_instance<CancelledError>(error);
}

bool is_base_only(const std::exception_ptr& error) noexcept {
    return is_instance<KeyboardInterrupt, SystemExit>(error);
}

std::string type_name(const BaseException& error) { return detail::type_name(typeid(error)); }

std::string type_name(const Exception& error) { return detail::type_name(typeid(error)); }

std::string type_name(const std::exception& error) { return detail::type_name(typeid(error)); }

std::string type_name(const std::exception_ptr& error) {
    return error ? detail::type_name(detail::thrown_type(error)) : "NoneType";
}

std::string str(const BaseException& error) { return error.str(); }

std::string str(const Exception& error) { return error.str(); }

std::string str(const std::exception& error) {
    const auto* ours = dynamic_cast<const BaseException*>(&error);
    return ours ? ours->str() : detail::what_of(error);
}

std::string str(const std::exception_ptr& error) {
    if (!error) return "None";
    if (const auto* ours = exception_cast<BaseException>(error)) return ours->str();
    if (const auto* foreign = exception_cast<std::exception>(error))
        return detail::what_of(*foreign);
    try {
        std::rethrow_exception(error);
    } catch (const std::string& text) {
        return text;
    } catch (const char* text) {
        return text ? text : "";
    } catch (...) {
        return {};
    }
}

std::string repr(const BaseException& error) {
    return detail::call_text(type_name(error), error.repr_args());
}

std::string repr(const Exception& error) { return repr(static_cast<const BaseException&>(error)); }

std::string repr(const std::exception& error) {
    if (const auto* ours = dynamic_cast<const BaseException*>(&error)) return repr(*ours);
    return detail::call_text(type_name(error), detail::repr_string(detail::what_of(error)));
}

std::string repr(const std::exception_ptr& error) {
    if (!error) return "None";
    if (const auto* ours = exception_cast<BaseException>(error)) return repr(*ours);
    const std::string text = str(error);
    const bool silent = text.empty() && !is_instance<std::exception>(error);
    return detail::call_text(type_name(error), silent ? "" : detail::repr_string(text));
}

std::exception_ptr cause_of(const std::exception_ptr& error) noexcept {
    if (const auto* ours = exception_cast<BaseException>(error)) {
        if (auto cause = ours->cause()) return cause;
    }
    const auto* nested = exception_cast<std::nested_exception>(error);
    return nested ? nested->nested_ptr() : nullptr;
}

} // namespace asyncio
