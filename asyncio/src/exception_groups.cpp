// Layer 0. Groups: splitting that keeps the nesting, and the rules of except*.
#include <asyncio/exceptions.hpp>

#include <algorithm>

namespace asyncio {

namespace {

using ErrorList = BaseExceptionGroup::ErrorList;

bool all_ordinary(const ErrorList& errors) {
    return std::all_of(errors.begin(), errors.end(), is_instance<std::exception>);
}

std::shared_ptr<const ErrorList> checked(ErrorList errors) {
    if (errors.empty())
        throw ValueError("second argument (exceptions) must be a non-empty sequence");
    for (std::size_t i = 0; i < errors.size(); ++i)
        if (!errors[i])
            throw ValueError("Item " + std::to_string(i) +
                             " of second argument (exceptions) is not an exception");
    return std::make_shared<const ErrorList>(std::move(errors));
}

// The error being handled, if it is this very object: the only way back from a reference to it.
std::exception_ptr handled_pointer_to(const BaseExceptionGroup& group) {
    std::exception_ptr current = std::current_exception();
    if (exception_cast<BaseExceptionGroup>(current) == &group) return current;
    return nullptr;
}

// A part of `group`, with what Python copies to it.
std::exception_ptr part_of(const BaseExceptionGroup& group, ErrorList errors) {
    if (errors.empty()) return nullptr;
    std::exception_ptr part = group.derive(std::move(errors));
    // The part was made by derive() a moment ago and nobody else has seen it.
    if (auto* made = const_cast<BaseException*>(exception_cast<BaseException>(part))) {
        if (auto cause = group.cause()) made->set_cause(std::move(cause));
        if (auto context = group.context()) made->set_context(std::move(context));
    }
    return part;
}

SplitResult split_error(const std::exception_ptr& error, detail::ErrorPredicate matches) {
    if (matches(error)) return {error, nullptr};
    const auto* group = exception_cast<BaseExceptionGroup>(error);
    if (!group) return {nullptr, error};
    ErrorList matched;
    ErrorList rest;
    for (const std::exception_ptr& member : group->exceptions()) {
        SplitResult parts = split_error(member, matches);
        if (parts.first) matched.push_back(std::move(parts.first));
        if (parts.second) rest.push_back(std::move(parts.second));
    }
    return {part_of(*group, std::move(matched)), part_of(*group, std::move(rest))};
}

void collect_leaves(const std::exception_ptr& error, ErrorList& leaves) {
    if (const auto* group = exception_cast<BaseExceptionGroup>(error)) {
        for (const std::exception_ptr& member : group->exceptions()) collect_leaves(member, leaves);
    } else if (error) {
        leaves.push_back(error);
    }
}

bool contains(const ErrorList& errors, const std::exception_ptr& error) {
    return std::find(errors.begin(), errors.end(), error) != errors.end();
}

} // namespace

BaseExceptionGroup::BaseExceptionGroup(std::string message, ErrorList errors)
    : errors_(checked(std::move(errors))) {
    assign_message(std::move(message));
}

BaseExceptionGroup::BaseExceptionGroup(const BaseExceptionGroup& other) noexcept
    : BaseException(other), errors_(other.errors_) {
    BaseException::operator=(other);
}

BaseExceptionGroup& BaseExceptionGroup::operator=(const BaseExceptionGroup& other) noexcept {
    BaseException::operator=(other);
    errors_ = other.errors_;
    return *this;
}

BaseExceptionGroup::~BaseExceptionGroup() = default;

std::exception_ptr BaseExceptionGroup::make(std::string message, ErrorList errors) {
    if (all_ordinary(errors))
        return std::make_exception_ptr(ExceptionGroup(std::move(message), std::move(errors)));
    return std::make_exception_ptr(BaseExceptionGroup(std::move(message), std::move(errors)));
}

std::string BaseExceptionGroup::str() const {
    const std::size_t count = exceptions().size();
    return message() + " (" + std::to_string(count) + " sub-exception" + (count == 1 ? ")" : "s)");
}

std::string BaseExceptionGroup::repr_args() const {
    std::string text = detail::repr_string(message()) + ", [";
    const char* separator = "";
    for (const std::exception_ptr& error : exceptions()) {
        text += std::exchange(separator, ", ");
        text += repr(error);
    }
    return text + "]";
}

std::exception_ptr BaseExceptionGroup::derive(ErrorList errors) const {
    return make(message(), std::move(errors));
}

SplitResult BaseExceptionGroup::split_by(detail::ErrorPredicate matches) const {
    std::exception_ptr self = handled_pointer_to(*this);
    return split_error(self ? self : part_of(*this, exceptions()), matches);
}

ExceptionGroup::ExceptionGroup(std::string message, ErrorList errors)
    : BaseExceptionGroup(std::move(message), std::move(errors)) {
    if (!all_ordinary(exceptions()))
        throw TypeError("Cannot nest BaseExceptions in an ExceptionGroup");
}

void ExceptionGroup::anchor() const {}

ExceptStar::ExceptStar(std::exception_ptr error) noexcept
    : original_(std::move(error)), rest_(original_) {}

std::exception_ptr ExceptStar::take(detail::ErrorPredicate matches) {
    if (!rest_) return nullptr;
    SplitResult parts = split_error(rest_, matches);
    if (!parts.first) return nullptr;
    rest_ = std::move(parts.second);
    if (is_instance<BaseExceptionGroup>(parts.first)) return parts.first;
    return BaseExceptionGroup::make("", {parts.first});
}

void ExceptStar::collect(const std::exception_ptr& matched, std::exception_ptr raised) {
    (raised == matched ? reraised_ : raised_).push_back(std::move(raised));
}

std::exception_ptr ExceptStar::error() const {
    if (!clause_raised()) return rest_;
    if (!is_instance<BaseExceptionGroup>(original_))
        return raised_.empty() ? reraised_.front() : raised_.front();
    ErrorList kept;
    collect_leaves(rest_, kept);
    for (const std::exception_ptr& part : reraised_) collect_leaves(part, kept);
    // The original, reduced to the errors that are still to be raised.
    std::exception_ptr unhandled = split_error(original_, [&](const std::exception_ptr& e) {
                                       return contains(kept, e);
                                   }).first;
    if (raised_.empty()) return unhandled;
    ErrorList all = raised_;
    if (unhandled) all.push_back(std::move(unhandled));
    // Since Python 3.12 a single new error is not wrapped.
    if (all.size() == 1) return all.front();
    return BaseExceptionGroup::make("", std::move(all));
}

void ExceptStar::raise() const {
    if (std::exception_ptr error = this->error()) std::rethrow_exception(error);
}

} // namespace asyncio
