// Option structs inside an await expression. GCC before 13 destroys an aggregate with a non-trivial
// destructor twice there; a trivially destructible view is safe in every form the library offers.
#include "mini.hpp"

#include <string_view>
#include <type_traits>

struct Options {
    std::string_view name{};
    std::optional<int> limit{};
    const Probe* context = nullptr;
    double timeout = 0;
};
static_assert(std::is_aggregate_v<Options> && std::is_trivially_destructible_v<Options>);

class Owned { // what outlives the call: a class with a constructor
public:
    explicit Owned(const Options& o) : name_(o.name), limit_(o.limit.value_or(-1)) {}
    int score() const { return static_cast<int>(name_.size()) * 100 + limit_; }

private:
    std::string name_;
    int limit_;
};

static Coroutine<int> implementation(std::string what, Owned options) {
    co_await Yield();
    co_return options.score() + static_cast<int>(what.size());
}
static Coroutine<int> start(std::string_view what, Options options = {}) {
    if (options.context) check(options.context->use() == 7);
    return implementation(std::string(what), Owned(options));
}
struct Loop {
    Coroutine<int> connect(Options options) { return start("tcp", options); }
    template <class... Args>
    Coroutine<int> spawn(Options options, Args... args) {
        return start((std::string(args) + ...), options);
    }
};
static std::string text(std::size_t n) { return std::string(n, 'n'); }

static Coroutine<> amain() {
    Probe context(7);
    Loop loop;
    int braces = co_await start("abc", {.name = text(50), .limit = 2, .context = &context});
    check(braces == 5005);
    int named = co_await start(text(30), Options{.name = "n", .timeout = 1.5});
    check(named == 129);
    int defaulted = co_await start(text(60));
    check(defaulted == 59);
    int member = co_await loop.connect({.limit = 9});
    check(member == 12);
    int leading = co_await loop.spawn({.name = text(40)}, text(20), "b");
    check(leading == 4020);
    auto later = start("abc", {.name = text(50), .limit = 2});
    int kept = co_await std::move(later);
    check(kept == 5005);
    bool both = braces > 0 && co_await start("z", {.limit = 3}) == 4;
    check(both);
}

int main() { return mini::finish(amain()); }
