// What an await gives back: aggregates, pairs, move-only objects, references and the conversions of
// co_return, each destroyed once.
#include "mini.hpp"

#include <memory>
#include <tuple>

struct Pair { // as the reader and writer of open_connection
    Probe reader;
    Probe writer;
};
static Coroutine<Pair> open(int value) {
    co_await Yield();
    co_return Pair{Probe(value), Probe(value + 1)};
}
static Coroutine<std::tuple<Probe, int>> mixed() {
    co_await Yield();
    co_return std::tuple(Probe(3), 4);
}
static Coroutine<std::unique_ptr<Probe>> unique() {
    auto local = std::make_unique<Probe>(5);
    co_await Yield();
    co_return local; // moves
}
static Coroutine<std::string> converted() {
    co_await Yield();
    co_return "a literal that is long enough to live on the heap";
}
struct Base {
    explicit Base(int v) : probe(v) {}
    Probe probe;
};
struct Derived : Base {
    using Base::Base;
};
static Coroutine<std::shared_ptr<Base>> derived() {
    co_await Yield();
    co_return std::make_shared<Derived>(6);
}

static Coroutine<> amain() {
    auto opened = co_await open(1);
    auto& [reader, writer] = opened;
    check(reader.use() == 1 && writer.use() == 2);
    Pair copied = co_await open(10);
    check(copied.writer.use() == 11);
    int member = (co_await open(20)).reader.use();
    check(member == 20);
    auto both = co_await mixed();
    auto& [probe, number] = both;
    check(probe.use() == 3 && number == 4);
    auto owned = co_await unique();
    check(owned->use() == 5);
    std::string text = co_await converted();
    check(text.size() == 49);
    auto base = co_await derived();
    check(base->probe.use() == 6);
    for (int i = 0; i < 3; ++i) {
        auto again = co_await open(i);
        auto& [r, w] = again;
        check(r.use() + 1 == w.use());
        if (i == 1) continue;
        co_await Yield();
    }
    const std::string& extended = co_await converted(); // lives as long as the reference
    co_await Yield();
    check(extended.size() == 49);
}

int main() { return mini::finish(amain()); }
