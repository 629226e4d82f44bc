// Temporaries that await expressions may contain: everything that has a constructor. The order of
// evaluation is the standard's.
#include "mini.hpp"

#include <functional>
#include <memory>
#include <tuple>
#include <vector>

class Job { // a payload as the documentation asks for it: with a declared constructor
public:
    Job(int id, std::string name) : id_(id), name_(std::move(name)) {}
    int score() const { return id_ + static_cast<int>(name_.size()); }

private:
    int id_;
    std::string name_;
};
static Coroutine<int> put(Job job, Probe probe = {}) {
    co_await Yield();
    co_return job.score() + probe.use();
}
static Coroutine<int> by_reference(const std::string& a, std::optional<std::string> b) {
    co_await Yield();
    co_return static_cast<int>(a.size() + b.value_or("").size());
}
static Coroutine<int> many(std::pair<int, std::string> p, std::tuple<Probe, Probe> t,
                           std::shared_ptr<Probe> s, std::function<int()> f) {
    co_await Yield();
    co_return p.first + std::get<1>(t).use() + s->use() + f();
}
template <class... Args>
static Coroutine<int> count(Args... args) { // instead of an initializer_list
    std::vector<std::string> all;
    (all.emplace_back(args), ...);
    co_await Yield();
    co_return static_cast<int>(all.size());
}
static int seven() { return 7; }
static int add(int a, int b) { return 10 * a + b; }

static Coroutine<> amain() {
    int job = co_await put(Job(1, std::string(50, 'n')), Probe(2));
    int defaulted = co_await put(Job(1, "n"));
    check(job == 53 && defaulted == 2);
    int references = co_await by_reference(std::string(40, 'a'), std::string(2, 'b'));
    int literal = co_await by_reference("a literal that has to be converted to a string", {});
    check(references == 42 && literal == 46);
    int various = co_await many(std::pair(1, std::string(50, 'p')), std::tuple(Probe(1), Probe(2)),
                                std::make_shared<Probe>(3), seven);
    check(various == 13);
    int listed = co_await count("ls", std::string(50, '-'), "x");
    check(listed == 3);
    int nested =
        co_await put(Job(co_await put(Job(1, "ab")), "c"), Probe(co_await put(Job(0, ""))));
    check(nested == 4);
    int ordered = add(co_await put(Job(1, "")), co_await put(Job(2, "")));
    check(ordered == 12);
    int sum = 5;
    sum += co_await put(Job(1, ""));
    check(sum == 6);
}

int main() { return mini::finish(amain()); }
