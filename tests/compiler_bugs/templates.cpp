// Awaits in templates: packs, folds, and the member of an awaited result, which GCC before 13
// cannot name in one expression.
#include "mini.hpp"

#include <tuple>
#include <vector>

template <class T>
static Coroutine<T> echo(T value) {
    co_await Yield();
    co_return value;
}
template <class... T>
static Coroutine<std::tuple<T...>> all(Coroutine<T>... coroutines) {
    co_return std::tuple<T...>(co_await std::move(coroutines)...);
}
template <class... T>
static Coroutine<int> sum(Coroutine<T>... coroutines) {
    co_return (0 + ... + co_await std::move(coroutines));
}
template <class T>
static Coroutine<std::size_t> size_of(Coroutine<T> coroutine) {
    auto result = co_await std::move(coroutine);
    co_return result.size();
}
template <class T>
class Box {
public:
    explicit Box(T value) : value_(std::move(value)) {}
    template <class U>
    Coroutine<T> apply(U f) {
        T changed = co_await f(value_);
        co_return changed;
    }
    virtual Coroutine<T> get() { co_return value_; }
    virtual ~Box() = default;

protected:
    T value_;
};
template <class T>
class Twice : public Box<T> {
public:
    using Box<T>::Box;
    Coroutine<T> get() override {
        T first = co_await Box<T>::get();
        co_return first + this->value_;
    }
};

static Coroutine<> amain() {
    auto values = co_await all(echo(1), echo(std::string(50, 'x')), echo(Probe(3)));
    auto& [number, text, probe] = values;
    check(number == 1 && text.size() == 50 && probe.use() == 3);
    int total = co_await sum(echo(1), echo(2), echo(3));
    check(total == 6);
    std::size_t size = co_await size_of(echo(std::vector<Probe>(4)));
    check(size == 4);
    Twice<std::string> twice(std::string(30, 'y'));
    Box<std::string>& box = twice;
    std::string doubled = co_await box.get();
    check(doubled.size() == 60);
    std::string applied = co_await box.apply([](std::string s) { return echo(s + "!"); });
    check(applied.size() == 31);
}

int main() { return mini::finish(amain()); }
