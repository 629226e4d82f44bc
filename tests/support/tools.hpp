// Small tools of the tests: counting iterations, errors as text, what the loop was told.
#pragma once
#include <asyncio/asyncio.hpp>

#include <exception>
#include <functional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace asyncio_test {

using Trace = std::vector<std::string>;

/// "a, b, c"
inline std::string join(const Trace& items) {
    std::string text;
    for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
    return text;
}

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// Lets the loop run `count` iterations.
inline asyncio::Coroutine<> ticks(int count) {
    for (int i = 0; i < count; ++i) co_await asyncio::sleep(0);
}

/// Waits for the end of a task, whatever it is.
template <class T>
asyncio::Coroutine<> ended(asyncio::Task<T> task) {
    const std::vector<asyncio::Task<T>> one(1, task);
    co_await asyncio::wait(one);
}

/// A future of the running loop.
template <class T = void>
asyncio::Future<T> new_future() {
    return asyncio::get_running_loop().create_future<T>();
}

/// repr() of the error that awaiting gives, "no error" without one.
template <class A>
asyncio::Coroutine<std::string> repr_of(A awaitable) {
    std::string text = "no error";
    try {
        co_await std::move(awaitable);
    } catch (...) {
        text = asyncio::repr(std::current_exception());
    }
    co_return text;
}

/// The same for a call.
template <class F>
std::string error_of(F&& call) {
    try {
        std::forward<F>(call)();
    } catch (...) {
        return asyncio::repr(std::current_exception());
    }
    return "no error";
}

/// How many iterations of the loop pass between the start of `co_await make()` and its end, however
/// it ends. The counter runs first in each iteration.
template <class F>
asyncio::Coroutine<int> iterations_of(F make) {
    auto& loop = asyncio::get_running_loop();
    int count = 0;
    asyncio::Handle next;
    std::function<void()> tick = [&] {
        ++count;
        next = loop.call_soon([&] { tick(); });
    };
    next = loop.call_soon([&] { tick(); });
    try {
        co_await make();
    } catch (const asyncio::BaseException&) {
        // Only the time it took is of interest.
        std::ignore = std::current_exception();
    }
    const int passed = count;
    next.cancel();
    co_return passed;
}

/// What a loop's exception handler is told while this lives.
class Reports {
public:
    struct Report {
        std::string message;
        std::string error; ///< repr, empty without an exception
        std::vector<std::string> keys;
        std::string source_traceback;
        std::string task; ///< name
    };

    explicit Reports(asyncio::AbstractEventLoop& loop = asyncio::get_running_loop())
        : loop_(loop), before_(loop.get_exception_handler()) {
        loop.set_exception_handler(
            [this](asyncio::AbstractEventLoop&, const asyncio::ExceptionContext& context) {
                reports_.push_back(Report{context.message,
                                          context.exception ? asyncio::repr(context.exception) : "",
                                          context.keys(), context.source_traceback,
                                          context.task ? context.task.get_name() : ""});
            });
    }
    Reports(const Reports&) = delete;
    Reports& operator=(const Reports&) = delete;
    ~Reports() { loop_.set_exception_handler(before_); }

    std::size_t size() const { return reports_.size(); }
    const Report& operator[](std::size_t index) const { return reports_.at(index); }
    Trace messages() const {
        Trace all;
        for (const Report& report : reports_) all.push_back(report.message);
        return all;
    }

private:
    asyncio::AbstractEventLoop& loop_;
    asyncio::ExceptionHandler before_;
    std::vector<Report> reports_;
};

/// Messages that reach the running loop's exception handler, with the error and what belongs to it.
inline Trace& handled() {
    static Trace messages;
    messages.clear();
    asyncio::get_running_loop().set_exception_handler([](auto&, const auto& context) {
        messages.push_back(context.message + ' ' + asyncio::repr(context.exception) +
                           (context.transport ? " transport" : "") +
                           (context.protocol ? " protocol" : ""));
    });
    return messages;
}

/// Tells when it is destroyed: for captures and arguments that must die early.
class Death {
public:
    Death(Trace& trace, std::string name) : trace_(&trace), name_(std::move(name)) {}
    Death(Death&& other) noexcept
        : trace_(std::exchange(other.trace_, nullptr)), name_(std::move(other.name_)) {}
    Death& operator=(Death&&) = delete;
    ~Death() {
        if (trace_) trace_->push_back("destroyed " + name_);
    }

private:
    Trace* trace_;
    std::string name_;
};

} // namespace asyncio_test
