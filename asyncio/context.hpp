// Layer 1. Context variables: values that follow a task through its awaits.
//
// A task copies the context of its creator; every step runs in that copy, so what it sets stays its
// own. Python counterpart: the contextvars module.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/context_data.hpp>
#include <asyncio/detail/thread_state.hpp>
#include <asyncio/exceptions.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace asyncio {

namespace detail {
struct VariableInfo {
    std::string name;
};
// Looks a variable up in the entered context; null when it has no value there.
ASYNCIO_EXPORT std::shared_ptr<const void> context_get(const VariableInfo* variable);
ASYNCIO_EXPORT std::shared_ptr<const void> context_get(const ContextSlot& slot,
                                                       const VariableInfo* variable);
// Returns the value before. A null value removes the binding.
ASYNCIO_EXPORT std::shared_ptr<const void> context_set(std::shared_ptr<const VariableInfo> variable,
                                                       std::shared_ptr<const void> value);
[[noreturn]] ASYNCIO_EXPORT void throw_lookup_error(const std::string& variable);
} // namespace detail

template <class T>
class ContextVar;

/// A mapping of context variables to values, shared by reference like Python's Context object.
/// Not thread-safe, but copies of the handle may be made and destroyed on any thread.
class ASYNCIO_EXPORT Context {
public:
    /// A new, empty context.
    Context() { detail::materialise(data_); }
    explicit Context(detail::ContextSlot data) : data_(std::move(data)) {
        detail::materialise(data_);
    }

    /// Calls f(args...) in this context and returns its result. Throws RuntimeError
    /// "cannot enter context: ... is already entered" when it is being run in.
    template <class F, class... Args>
    decltype(auto) run(F&& f, Args&&... args) const {
        detail::ContextSlot slot = data_;
        detail::ContextScope scope(detail::thread_state().context, slot);
        return std::invoke(std::forward<F>(f), std::forward<Args>(args)...);
    }
    /// A new context with the same values.
    Context copy() const;
    /// How many variables have a value.
    std::size_t size() const noexcept;
    /// The variable's value in this context, whether it is entered or not.
    template <class T>
    std::optional<T> get(const ContextVar<T>& variable) const {
        const auto value = detail::context_get(data_, variable.info_.get());
        return value ? std::optional<T>(*static_cast<const T*>(value.get())) : std::nullopt;
    }

    const detail::ContextSlot& slot() const noexcept { return data_; }
    friend bool operator==(const Context&, const Context&) noexcept = default;

private:
    detail::ContextSlot data_;
};

/// A copy of the current context (contextvars.copy_context).
ASYNCIO_EXPORT Context copy_context();

/// What ContextVar::set returns; undoes it once, in the same context.
template <class T>
class Token {
public:
    /// The value before the set; nothing if there was none.
    std::optional<T> old_value() const {
        const auto* value = static_cast<const T*>(state_->old.get());
        return value ? std::optional<T>(*value) : std::nullopt;
    }

private:
    friend class ContextVar<T>;
    struct State {
        std::shared_ptr<const void> old;
        detail::ContextSlot context;
        const detail::VariableInfo* variable;
        bool used = false;
    };
    explicit Token(std::shared_ptr<State> state) : state_(std::move(state)) {}
    std::shared_ptr<State> state_;
};

/// A variable whose value depends on the context. Usually a global. T is copied out by get().
template <class T>
class ContextVar {
public:
    explicit ContextVar(std::string name)
        : info_(std::make_shared<detail::VariableInfo>(detail::VariableInfo{std::move(name)})) {}
    ContextVar(std::string name, T fallback) : ContextVar(std::move(name)) {
        fallback_ = std::make_shared<const T>(std::move(fallback));
    }

    const std::string& name() const noexcept { return info_->name; }

    /// The value in the current context, or the default. Throws LookupError without either.
    T get() const {
        if (auto value = lookup()) return *std::move(value);
        if (fallback_) return *fallback_;
        detail::throw_lookup_error(info_->name);
    }
    /// The value in the current context, or `otherwise`.
    T get(T otherwise) const {
        auto value = lookup();
        return value ? *std::move(value) : std::move(otherwise);
    }
    /// Sets the value in the current context.
    Token<T> set(T value) const {
        auto old = detail::context_set(info_, std::make_shared<const T>(std::move(value)));
        return Token<T>(std::make_shared<typename Token<T>::State>(
            typename Token<T>::State{std::move(old), detail::current_context_slot(), info_.get()}));
    }
    /// Goes back to the value before the set. Throws RuntimeError for a used token, ValueError for
    /// one of another variable or another context.
    void reset(const Token<T>& token) const {
        auto& state = *token.state_;
        if (state.used) throw RuntimeError("<Token> has already been used once");
        if (state.variable != info_.get())
            throw ValueError("<Token> was created by a different ContextVar");
        if (state.context != detail::current_context_slot())
            throw ValueError("<Token> was created in a different Context");
        detail::context_set(info_, state.old);
        state.used = true;
    }

private:
    friend class Context;
    std::optional<T> lookup() const {
        const auto value = detail::context_get(info_.get());
        return value ? std::optional<T>(*static_cast<const T*>(value.get())) : std::nullopt;
    }
    std::shared_ptr<const detail::VariableInfo> info_;
    std::shared_ptr<const T> fallback_;
};

} // namespace asyncio
