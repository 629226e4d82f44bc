// What the queries must find, and what they must leave alone: a line that ends in `// rule-name`
// is a hazard of that rule, every other line is not. run.py checks this file first.
#include "../../compiler_bugs/mini.hpp"

#include <array>
#include <functional>
#include <vector>

struct Options {
    std::string name{};
    int limit = 0;
};
struct View {
    const char* name = nullptr;
    int limit = 0;
};
class Builder {
public:
    Builder() = default;
    Builder& limit(int n) {
        limit_ = n;
        return *this;
    }

private:
    std::string name_;
    int limit_ = 0;
};
struct Awaitable {
    std::string name;
    bool await_ready() noexcept { return true; }
    void await_suspend(std::coroutine_handle<>) noexcept {}
    int await_resume() noexcept { return 0; }
};

Coroutine<int> with(Options);
Coroutine<int> view(View);
Coroutine<int> built(Builder);
Coroutine<int> call(std::function<int()>);
Coroutine<int> sum(std::vector<int>);
Coroutine<int> number();
Coroutine<std::string> text();
Coroutine<bool> flag();
template <class F>
Coroutine<int> invoke(F) {
    co_return 0;
}
int start(Options);

Coroutine<> aggregates() {
    std::string name(50, 'n');
    co_await with(Options{name, 1});        // aggregate-temporary
    co_await with({.name = name});          // aggregate-temporary
    co_await with(Options(name, 1));        // aggregate-temporary
    co_await Awaitable{name};               // aggregate-temporary
    Options mixed{name, co_await number()}; // aggregate-of-awaits
    Options options{name, 1};
    co_await with(options);
    co_await with(std::move(options));
    co_await view({.name = "n", .limit = 1});
    co_await built(Builder().limit(1));
    co_await built({});
    auto started = with({.name = name});
    co_await std::move(started);
    start({.name = name});
}

mini::Coroutine<int> closures() {
    std::string name(50, 'n');
    int n = 1;
    co_await call([name] { return 1; });   // closure-temporary
    co_await invoke([name] { return 1; }); // closure-temporary
    co_await invoke([&name, n] { return n; });
    co_await invoke([] { return 1; });
    auto named = [name] { return 1; };
    co_await invoke(named);
    auto started = invoke([name]() -> Coroutine<int> {
        int m = co_await number();
        co_return m;
    });
    auto nested = invoke([&]() -> Coroutine<int> {
        co_await with({.name = name}); // aggregate-temporary
        co_return start({.name = name});
    });
    co_await invoke([&] { return start({.name = name}); });
    co_return co_await std::move(started) + co_await std::move(nested);
}

Coroutine<std::string> choices(bool left) {
    int n = left ? co_await number() : 0;
    std::string s = left ? co_await text() : std::string("x"); // conditional-temporary
    co_await (left ? text() : text());                         // conditional-temporary
    auto chosen = left ? text() : text();
    co_await std::move(chosen);
    s = left ? "a" : std::string("b");
    if (n) co_return s;
    co_return left ? co_await text() : co_await text(); // conditional-temporary
}

Coroutine<> lists_and_throws() {
    co_await sum({1, 2}); // initializer-list
    std::vector<int> values{1, 2};
    co_await sum(values);
    std::array<int, 2> numbers{1, 2};
    if (numbers[0]) throw std::string(co_await text()); // throw-await
    auto message = co_await text();
    throw std::string(message);
}

Coroutine<> bare_if() {
    if (co_await flag()) co_return; // condition-without-local
}
Coroutine<> bare_while() {
    while (co_await flag()) start({}); // condition-without-local
}
Coroutine<> bare_loops() {
    do { // condition-without-local
    } while (co_await number() == 1);
    for (; co_await flag();) start({}); // condition-without-local
    switch (co_await number()) {        // condition-without-local
    default: break;
    }
}
Coroutine<> one_local() {
    int n = 0;
    while (co_await flag()) ++n;
}
Coroutine<> declared_in_the_condition() {
    while (auto n = co_await number()) start({.limit = n});
}
Coroutine<> lambda_with_a_local() {
    co_await invoke([&]() -> Coroutine<int> {
        int n = 0;
        if (co_await flag()) n = 1;
        co_return n;
    });
}

Coroutine<> handlers() {
    std::exception_ptr error;
    try {
        co_await number();
    } catch (...) { // swallows-cancellation
    }
    try {
        co_await number();
    } catch (...) {
        error = std::current_exception();
    }
    try {
        co_await number();
    } catch (const std::exception&) {
    } catch (...) {
        throw;
    }
}
