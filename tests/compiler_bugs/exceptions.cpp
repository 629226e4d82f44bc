// Errors around awaits: thrown through frames, translated, kept across an await, and awaited for
// after the handler (an await inside a handler is ill-formed, `throw X(co_await f())` is not safe).
#include "mini.hpp"

#include <stdexcept>

struct Cancelled { // not a std::exception, as CancelledError
    Probe probe{9};
};
static Coroutine<int> fail(bool cancelled) {
    Probe local(1);
    co_await Yield();
    if (cancelled) throw Cancelled();
    throw std::runtime_error("a message that is long enough to live on the heap");
}
static Coroutine<std::string> message() {
    co_await Yield();
    co_return "translated";
}
static Coroutine<> translate() {
    bool failed = false;
    try {
        co_await fail(false);
    } catch (const std::exception&) {
        failed = true;
    }
    if (failed) {
        std::string text = co_await message();
        throw std::invalid_argument(text);
    }
}
// try/finally: the error waits in an exception_ptr while the cleanup is awaited.
static Coroutine<> finally(int& cleanups) {
    std::exception_ptr error;
    try {
        co_await fail(true);
    } catch (...) {
        error = std::current_exception();
    }
    co_await Yield();
    ++cleanups;
    if (error) std::rethrow_exception(error);
}

static Coroutine<> amain() {
    std::string text;
    try {
        co_await translate();
    } catch (const std::invalid_argument& e) {
        text = e.what();
    }
    check(text == "translated");

    int cleanups = 0;
    int caught = 0;
    try {
        co_await finally(cleanups);
    } catch (const std::exception&) {
        check(false);
    } catch (const Cancelled& c) {
        caught = c.probe.use();
    }
    check(cleanups == 1 && caught == 9);

    int attempts = 0;
    while (attempts < 3) {
        try {
            co_await fail(attempts % 2 == 0);
        } catch (const Cancelled&) {
            ++attempts;
            continue;
        } catch (const std::exception&) {
            ++attempts;
        }
    }
    check(attempts == 3);
}

int main() { return mini::finish(amain()); }
