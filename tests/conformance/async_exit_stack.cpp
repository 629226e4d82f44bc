// Pins AGN-01 (contextlib.AsyncExitStack): every kind of exit runs last in first out, each with the
// exception that the one before it left; replacing, swallowing, pop_all, and what a new exception
// says of the one it replaces.
#include "py.hpp"

using asyncio::async_with;
using asyncio::AsyncExitStack;
using asyncio::Coroutine;

class Manager {
public:
    explicit Manager(std::string name, bool swallow = false)
        : name_(std::move(name)), swallow_(swallow) {}
    Coroutine<std::string> aenter() {
        co_await asyncio::sleep(0);
        print("enter", name_);
        co_return name_;
    }
    Coroutine<bool> aexit(std::exception_ptr error) {
        co_await asyncio::sleep(0);
        print("exit", name_, py::repr(error));
        co_return swallow_;
    }

protected:
    std::string name_;
    bool swallow_;
};

class Refusing : public Manager {
public:
    using Manager::Manager;
    Coroutine<> aenter() {
        throw asyncio::RuntimeError(name_ + " refuses");
        co_return;
    }
};

std::string chain(std::exception_ptr error) {
    std::string text = py::repr(error);
    while ((error = asyncio::exception_cast<asyncio::BaseException>(error)->context()))
        text += " <- " + py::repr(error);
    return text;
}

Coroutine<bool> note(std::string what, int n) {
    co_await asyncio::sleep(0);
    print(what, n);
    co_return true;
}

bool plain(const std::string& what) {
    print(what);
    return true;
}

template <class E>
Coroutine<> fail(E error) {
    co_await asyncio::sleep(0);
    throw error;
}

Coroutine<bool> swallow(std::exception_ptr error) {
    print("swallows", py::repr(error));
    co_return true;
}

bool look(const std::exception_ptr& error) {
    print("looks at", py::repr(error));
    return false;
}

Coroutine<> order() {
    co_await async_with(AsyncExitStack(), [](AsyncExitStack stack) -> Coroutine<> {
        const std::string a = co_await stack.enter_async_context(Manager("a"));
        print(a);
        stack.push_async_callback(note, "async callback", 1);
        stack.callback(plain, "callback");
        stack.push(look);
        stack.push_async_exit(Manager("pushed"));
        const std::string b = co_await stack.enter_async_context(Manager("b"));
        print(b);
        print("body");
    });
}

Coroutine<> errors() {
    try {
        co_await async_with(AsyncExitStack(), [](AsyncExitStack stack) -> Coroutine<> {
            co_await stack.enter_async_context(Manager("a"));
            stack.push_async_callback(note, "async callback", 2);
            co_await stack.enter_async_context(Refusing("b"));
            print("not reached");
        });
    } catch (const asyncio::RuntimeError&) {
        print("raised", chain(std::current_exception()));
    }
}

Coroutine<> swallowing() {
    co_await async_with(AsyncExitStack(), [](AsyncExitStack stack) -> Coroutine<> {
        co_await stack.enter_async_context(Manager("outer"));
        co_await stack.enter_async_context(Manager("swallows", true));
        co_await stack.enter_async_context(Manager("inner"));
        throw asyncio::ValueError("x");
    });
    print("goes on");
}

Coroutine<> replacing() {
    try {
        co_await async_with(AsyncExitStack(), [](AsyncExitStack stack) -> Coroutine<> {
            stack.push(look);
            stack.push_async_callback(fail<asyncio::ValueError>, asyncio::ValueError("second"));
            stack.push(look);
            stack.push_async_callback(fail<asyncio::LookupError>, asyncio::LookupError("first"));
            throw asyncio::OSError("body");
            co_return;
        });
    } catch (const asyncio::Exception&) {
        print("raised", chain(std::current_exception()));
    }
}

Coroutine<> swallowed_in_between() {
    try {
        co_await async_with(AsyncExitStack(), [](AsyncExitStack stack) -> Coroutine<> {
            stack.push_async_callback(fail<asyncio::ValueError>, asyncio::ValueError("after"));
            stack.push_async_exit(swallow);
            stack.push_async_callback(fail<asyncio::LookupError>, asyncio::LookupError("before"));
            throw asyncio::OSError("body");
            co_return;
        });
    } catch (const asyncio::Exception&) {
        print("raised", chain(std::current_exception()));
    }
    co_await async_with(AsyncExitStack(), [](AsyncExitStack stack) -> Coroutine<> {
        stack.push_async_exit(swallow);
        stack.push_async_callback(fail<asyncio::LookupError>, asyncio::LookupError("alone"));
        co_return;
    });
    print("goes on");
}

Coroutine<> popping() {
    AsyncExitStack kept;
    co_await async_with(AsyncExitStack(), [&](AsyncExitStack stack) -> Coroutine<> {
        co_await stack.enter_async_context(Manager("kept"));
        stack.callback(plain, "kept callback");
        kept = stack.pop_all();
        stack.callback(plain, "own callback");
    });
    print("left");
    co_await kept.aclose();
    co_await kept.aclose();
}

Coroutine<> closing() {
    AsyncExitStack stack;
    stack.push_async_callback(fail<asyncio::ValueError>, asyncio::ValueError("second"));
    stack.push_async_callback(fail<asyncio::LookupError>, asyncio::LookupError("first"));
    try {
        co_await stack.aclose();
    } catch (const asyncio::Exception&) {
        print("raised", chain(std::current_exception()));
    }
}

Coroutine<> wait() {
    co_await async_with(AsyncExitStack(), [](AsyncExitStack stack) -> Coroutine<> {
        co_await stack.enter_async_context(Manager("outer"));
        co_await stack.enter_async_context(Manager("inner"));
        co_await asyncio::sleep(3600);
    });
}

Coroutine<> cancelling() {
    auto task = asyncio::create_task(wait());
    for (int i = 0; i < 3; ++i) co_await asyncio::sleep(0);
    task.cancel("stop");
    const std::vector tasks{task};
    co_await asyncio::wait(tasks);
    print("cancelled", task.cancelled());
}

Coroutine<> amain() {
    const auto part = [](std::string name, Coroutine<> coroutine) -> Coroutine<> {
        print("--", name);
        co_await std::move(coroutine);
    };
    co_await part("order", order());
    co_await part("errors", errors());
    co_await part("swallowing", swallowing());
    co_await part("replacing", replacing());
    co_await part("swallowed_in_between", swallowed_in_between());
    co_await part("popping", popping());
    co_await part("closing", closing());
    co_await part("cancelling", cancelling());
}

int main() { asyncio::run(amain()); }
