// Layer 0. BaseExceptionGroup, ExceptionGroup and except_star: several errors raised as one.
//
// Python counterpart: the built-in groups of PEP 654 and the `except*` statement. TaskGroup and
// create_connection(all_errors) raise groups; everything here also takes foreign exceptions.
#pragma once

#include <asyncio/detail/exception_inspect.hpp>

#include <concepts>
#include <memory>
#include <utility>
#include <vector>

namespace asyncio {

namespace detail {

// A reference to a callable `bool(const std::exception_ptr&)`, valid during the call it is
// passed to.
class ErrorPredicate {
public:
    template <class F>
        requires(std::is_class_v<F> && !std::same_as<F, ErrorPredicate>)
    ErrorPredicate(const F& function) noexcept
        : object_(&function), call_([](const void* object, const std::exception_ptr& error) {
              return (*static_cast<const F*>(object))(error);
          }) {}

    bool operator()(const std::exception_ptr& error) const { return call_(object_, error); }

private:
    const void* object_;
    bool (*call_)(const void*, const std::exception_ptr&);
};

} // namespace detail

/// A callable `bool(const std::exception_ptr&)`.
template <class F>
concept error_predicate = std::predicate<F&, const std::exception_ptr&>;

/// What split() returns: the matching part and the rest, each null when it would be empty.
using SplitResult = std::pair<std::exception_ptr, std::exception_ptr>;

/// Several errors of any kind. Copies share the list; copying never throws.
class ASYNCIO_EXPORT BaseExceptionGroup : public virtual BaseException {
public:
    using ErrorList = std::vector<std::exception_ptr>;

    /// Raises ValueError if the list is empty or has a null element.
    BaseExceptionGroup(std::string message, ErrorList errors);
    BaseExceptionGroup(const BaseExceptionGroup& other) noexcept;
    BaseExceptionGroup& operator=(const BaseExceptionGroup& other) noexcept;
    ~BaseExceptionGroup() override;

    /// Python's BaseExceptionGroup(message, list): an ExceptionGroup if every error is a
    /// std::exception (as all Exceptions are), a BaseExceptionGroup otherwise.
    static std::exception_ptr make(std::string message, ErrorList errors);

    const ErrorList& exceptions() const noexcept { return *errors_; }
    std::string str() const override;
    std::string repr_args() const override;

    /// A group like this one around other errors, used for every part that split() and subgroup()
    /// build; they copy cause and context to it. Override it in derived groups to keep their type.
    virtual std::exception_ptr derive(ErrorList errors) const;

    /// The errors of the given types, and the others. Nesting is preserved; a nested group that
    /// matches itself is taken whole, and a part that is the whole group is the group itself when
    /// it is the exception being handled or nested in another (otherwise an equal group).
    template <class... E>
        requires(sizeof...(E) > 0)
    SplitResult split() const {
        return split_by([](const std::exception_ptr& error) { return is_instance<E...>(error); });
    }
    /// The same with a predicate, called with groups and with single errors.
    template <error_predicate F>
    SplitResult split(F&& predicate) const {
        return split_by(
            [&](const std::exception_ptr& error) { return static_cast<bool>(predicate(error)); });
    }

    /// The first part of split(): a group, or null if nothing matches.
    template <class... E>
        requires(sizeof...(E) > 0)
    std::exception_ptr subgroup() const {
        return split<E...>().first;
    }
    template <error_predicate F>
    std::exception_ptr subgroup(F&& predicate) const {
        return split(predicate).first;
    }

private:
    SplitResult split_by(detail::ErrorPredicate matches) const;

    std::shared_ptr<const ErrorList> errors_;
};

/// Several ordinary errors; handlers of Exception and std::exception catch it.
class ASYNCIO_EXPORT ExceptionGroup : public BaseExceptionGroup, public Exception {
public:
    /// As BaseExceptionGroup; also raises TypeError if an error is not a std::exception.
    ExceptionGroup(std::string message, ErrorList errors);

private:
    void anchor() const override;
};

/// A `try` statement with several `except*` clauses, over an error that was already caught:
///
///     asyncio::ExceptStar(error)
///         .except<ValueError>([](const asyncio::BaseExceptionGroup& group) { ... })
///         .except<OSError, EOFError>([] { throw; })
///         .raise();
///
/// Each clause gets the part of the error that matches it and that no clause before it took; a
/// single error is wrapped into a group first. Clauses run while that part is the current
/// exception, so `throw;` re-raises it. What a clause raises is collected, later clauses run and
/// do not see it. Not for bodies that await: split() the group and await after the handler.
class ASYNCIO_EXPORT ExceptStar {
public:
    explicit ExceptStar(std::exception_ptr error) noexcept;

    /// Runs `body(group)` or `body()` if some error is one of the types. The argument may be taken
    /// as `const BaseExceptionGroup&` or as std::exception_ptr.
    template <class... E, class Body>
        requires(sizeof...(E) > 0)
    ExceptStar& except(Body&& body) {
        static_assert((!std::is_base_of_v<BaseExceptionGroup, E> && ...),
                      "except* looks into groups, it cannot catch a group type");
        if (auto matched = take([](const std::exception_ptr& e) { return is_instance<E...>(e); }))
            run(matched, body);
        return *this;
    }

    /// What the whole statement raises, or null if everything was handled: the unhandled and
    /// re-raised errors in the shape of the original. If clauses raised other errors, those and
    /// that group are the members of a new group; one new error alone is raised as it is.
    std::exception_ptr error() const;
    /// The part no clause took, or null.
    const std::exception_ptr& rest() const noexcept { return rest_; }
    /// True if a clause threw.
    bool clause_raised() const noexcept { return !raised_.empty() || !reraised_.empty(); }
    /// Throws error(), if there is one.
    void raise() const;

private:
    std::exception_ptr take(detail::ErrorPredicate matches);

    template <class Body>
    void run(const std::exception_ptr& matched, Body& body) {
        try {
            try {
                std::rethrow_exception(matched);
            } catch (const BaseExceptionGroup& group) {
                if constexpr (std::invocable<Body&, const BaseExceptionGroup&>)
                    body(group);
                else if constexpr (std::invocable<Body&, const std::exception_ptr&>)
                    body(matched);
                else
                    body();
            }
        } catch (...) {
            collect(matched, std::current_exception());
        }
    }
    void collect(const std::exception_ptr& matched, std::exception_ptr raised);

    std::exception_ptr original_;
    std::exception_ptr rest_;
    std::vector<std::exception_ptr> reraised_;
    std::vector<std::exception_ptr> raised_;
};

/// One `except*` clause: calls `body` with the matching part of `error` and returns the rest, null
/// if nothing is left, so that clauses can be chained:
///
///     error = asyncio::except_star<ValueError>(error, [](const BaseExceptionGroup& g) { ... });
///     error = asyncio::except_star<OSError>(error, [](const BaseExceptionGroup& g) { ... });
///     if (error) std::rethrow_exception(error);
///
/// A body that throws ends the chain: the function throws what the statement would raise, the
/// rest included. Where later clauses must still run, use ExceptStar.
template <class... E, class Body>
    requires(sizeof...(E) > 0)
std::exception_ptr except_star(std::exception_ptr error, Body&& body) {
    ExceptStar statement(std::move(error));
    statement.except<E...>(body);
    if (statement.clause_raised()) statement.raise();
    return statement.rest();
}

} // namespace asyncio
