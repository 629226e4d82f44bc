// Awaiters that own something. An aggregate awaiter with a destructor is destroyed twice by GCC
// before 13; with a constructor it is safe, also when one of its functions throws.
#include "mini.hpp"

#include <stdexcept>

enum class Throws { never, ready, suspend, resume };

class Awaiter {
public:
    Awaiter(Probe probe, Throws where) : probe_(std::move(probe)), where_(where) {}
    bool await_ready() {
        if (where_ == Throws::ready) throw std::runtime_error("ready");
        return false;
    }
    void await_suspend(std::coroutine_handle<> h) {
        if (where_ == Throws::suspend) throw std::runtime_error("suspend");
        mini::driver.ready.push_back(h);
    }
    Probe await_resume() {
        if (where_ == Throws::resume) throw std::runtime_error("resume");
        return std::move(probe_);
    }

private:
    Probe probe_;
    Throws where_;
};
// As Task and Future: the handle is awaited through a member operator.
class Handle {
public:
    explicit Handle(Probe probe) : probe_(std::move(probe)) {}
    Awaiter operator co_await() const& { return Awaiter(probe_, Throws::never); }

private:
    Probe probe_;
};
static Awaiter wait_for(const Probe& probe, std::string, Throws where) {
    return Awaiter(Probe(probe.use() * 2), where);
}
static Handle open(int value) { return Handle(Probe(value)); }

static Coroutine<std::string> outcome(Throws where) {
    std::string text = "none";
    try {
        Probe p = co_await wait_for(Probe(21), std::string(50, 'x'), where);
        text = std::to_string(p.use());
    } catch (const std::runtime_error& e) {
        text = e.what();
    }
    co_return text;
}

static Coroutine<> amain() {
    for (auto [where, expected] :
         {std::pair(Throws::never, "42"), std::pair(Throws::ready, "ready"),
          std::pair(Throws::suspend, "suspend"), std::pair(Throws::resume, "resume")}) {
        std::string text = co_await outcome(where);
        check(text == expected);
    }
    Handle named(Probe(1));
    Probe first = co_await named;
    Probe second = co_await open(2);
    check(first.use() + second.use() == 3);
    co_await named; // the result is dropped
}

int main() { return mini::finish(amain()); }
