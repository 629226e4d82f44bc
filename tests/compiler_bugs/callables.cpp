// Callables inside an await expression. GCC before 13 destroys a temporary closure with a
// non-trivial destructor twice; these forms are safe, and the traits tell them apart.
#include "mini.hpp"

#include <memory>
#include <tuple>
#include <type_traits>

// Keeps the callable and its arguments in the frame until the coroutine it returned is finished.
template <class F, class... Args>
static Coroutine<int> invoke(F f, Args... args) {
    auto child = f(std::move(args)...);
    co_return co_await std::move(child);
}
template <class F>
class Own { // not an aggregate, so it may be a temporary of an await expression
public:
    explicit Own(F f) : f_(std::move(f)) {}
    auto operator()() { return f_(); }

private:
    F f_;
};

static Coroutine<int> length(std::string text, Probe probe) {
    co_await Yield();
    co_return static_cast<int>(text.size()) + probe.use();
}
struct Server : std::enable_shared_from_this<Server> {
    Coroutine<int> handle(Probe probe) {
        co_await Yield();
        co_return probe.use() + own.use();
    }
    Coroutine<int> entry() {
        auto self = shared_from_this();
        co_return co_await invoke([this] { return handle(Probe(1)); });
    }
    Probe own{10};
};

static Coroutine<> amain() {
    Probe local(5);
    int no_capture = co_await invoke([]() -> Coroutine<int> {
        co_await Yield();
        co_return 3;
    });
    check(no_capture == 3);
    int by_reference = co_await invoke([&]() -> Coroutine<int> {
        co_await Yield();
        co_return local.use();
    });
    check(by_reference == 5);
    int with_parameter = co_await invoke([](Probe p) { return length("ab", p); }, Probe(4));
    check(with_parameter == 6);
    int function = co_await invoke(length, std::string(50, 'x'), Probe(1));
    check(function == 51);
    auto server = std::make_shared<Server>();
    int bound = co_await invoke([](std::shared_ptr<Server> s, Probe p) { return s->handle(p); },
                                server, Probe(2));
    check(bound == 12);
    int method = co_await server->entry();
    check(method == 11);

    auto capturing = [local]() -> Coroutine<int> {
        co_await Yield();
        co_return local.use();
    };
    int lvalue = co_await invoke(capturing);
    check(lvalue == 5);
    int owned = co_await invoke(Own(capturing));
    check(owned == 5);
    auto started = invoke([local]() -> Coroutine<int> { co_return local.use(); });
    co_await Yield();
    int later = co_await std::move(started);
    check(later == 5);

    auto trivial = [&local, n = 1]() { return local.use() + n; };
    static_assert(std::is_trivially_destructible_v<decltype(trivial)>);
    static_assert(!std::is_trivially_destructible_v<decltype(capturing)>);
    static_assert(!std::is_aggregate_v<Own<decltype(capturing)>>);
    check(trivial() == 6);
}

int main() { return mini::finish(amain()); }
