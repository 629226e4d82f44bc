// The idioms of docs/porting.md, in C++.
#include <asyncio/asyncio.hpp>

#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using asyncio::Coroutine;

class Resource {
public:
    // [manager]
    Coroutine<Resource*> aenter() {
        co_await asyncio::sleep(0);
        co_return this;
    }
    Coroutine<bool> aexit(std::exception_ptr) {
        co_await asyncio::sleep(0);
        std::cout << "released\n";
        co_return false;
    }
    // [/manager]
    const char* name() const { return "Resource"; }
};

Coroutine<std::string> fetch() {
    co_await asyncio::sleep(0);
    throw asyncio::ConnectionResetError("gone");
}

Coroutine<std::string> retry() {
    co_await asyncio::sleep(0);
    co_return "second try";
}

Coroutine<> use_manager() {
    // [with]
    co_await asyncio::async_with(Resource(), [](Resource* resource) -> Coroutine<> {
        std::cout << "using " << resource->name() << "\n";
        co_return;
    });
    // [/with]
}

Coroutine<> use_several(asyncio::Lock lock) {
    // [managers]
    co_await asyncio::async_with(lock, asyncio::timeout(1), asyncio::TaskGroup{},
                                 [](asyncio::Timeout, asyncio::TaskGroup tg) -> Coroutine<> {
                                     tg.create_task(asyncio::sleep(0));
                                     std::cout << "all entered\n";
                                     co_return;
                                 });
    // [/managers]
}

Coroutine<> use_stack() {
    // [stack]
    co_await asyncio::async_with(asyncio::AsyncExitStack{},
                                 [](asyncio::AsyncExitStack stack) -> Coroutine<> {
                                     for (int i = 0; i < 2; ++i)
                                         co_await stack.enter_async_context(Resource());
                                     stack.callback([] { std::cout << "first out\n"; });
                                 });
    // [/stack]
}

Coroutine<> close_over(std::unique_ptr<std::string> page) {
    // [closure]
    std::vector<std::string> words{"some", "words"};
    const auto count = [words]() -> Coroutine<std::size_t> {
        co_await asyncio::sleep(0);
        co_return words.size();
    };
    auto task = asyncio::create_task(count);
    // [/closure]
    const std::size_t n = co_await task;
    std::cout << n << " words\n";

    // [own]
    asyncio::Own send([page = std::move(page)]() -> Coroutine<> {
        co_await asyncio::sleep(0);
        std::cout << "sent " << *page << "\n";
    });
    co_await asyncio::create_task(std::move(send));
    // [/own]
}

Coroutine<> handle() {
    // [except]
    std::string page;
    auto result = co_await asyncio::catching<asyncio::ConnectionError>(fetch());
    if (result) {
        page = result.value();
    } else {
        std::cout << "retrying after " << asyncio::str(result.exception()) << "\n";
        page = co_await retry();
    }
    // [/except]
    std::cout << page << "\n";
}

Coroutine<> clean_up() {
    // [finally]
    co_await asyncio::try_finally(
        []() -> Coroutine<> {
            co_await asyncio::sleep(0);
            std::cout << "working\n";
        },
        []() -> Coroutine<> {
            co_await asyncio::sleep(0);
            std::cout << "cleaned up\n";
        });
    // [/finally]
}

// [generator]
asyncio::AsyncGenerator<int> countdown(int start) {
    for (int i = start; i > 0; --i) {
        co_yield i;
        co_await asyncio::sleep(0);
    }
}
// [/generator]

Coroutine<> iterate() {
    // [for]
    auto numbers = countdown(3);
    for (;;) {
        const auto i = co_await numbers.next();
        if (!i) break;
        std::cout << *i << "\n";
    }
    // [/for]
}

Coroutine<> guard(asyncio::Lock lock) {
    // [lock]
    {
        const auto locked = co_await lock.scoped();
        std::cout << "locked\n";
    }
    // [/lock]
}

Coroutine<> several() {
    // [errors]
    std::exception_ptr error;
    try {
        co_await asyncio::async_with(asyncio::TaskGroup{},
                                     [](asyncio::TaskGroup tg) -> Coroutine<> {
                                         tg.create_task(fetch());
                                         co_return;
                                     });
    } catch (const asyncio::BaseExceptionGroup&) {
        error = std::current_exception();
    }
    error = asyncio::except_star<asyncio::ConnectionError>(error, [](const auto& group) {
        std::cout << group.exceptions().size() << " connection error\n";
    });
    if (error) std::rethrow_exception(error);
    // [/errors]
}

Coroutine<> deadline() {
    // [timeout]
    try {
        co_await asyncio::async_with(asyncio::timeout(0.01), [](asyncio::Timeout) -> Coroutine<> {
            co_await asyncio::sleep(3600);
        });
    } catch (const asyncio::TimeoutError&) {
        std::cout << "too late\n";
    }
    // [/timeout]
}

Coroutine<> amain() {
    co_await use_manager();
    co_await use_several(asyncio::Lock());
    co_await use_stack();
    co_await close_over(std::make_unique<std::string>("a page"));
    co_await handle();
    co_await clean_up();
    co_await iterate();
    co_await guard(asyncio::Lock());
    co_await deadline();
    co_await several();
}

// [main]
int main() {
    try {
        asyncio::run(amain());
    } catch (const asyncio::KeyboardInterrupt&) {
        return 130; // what a shell says of a program that Ctrl-C ended
    } catch (const asyncio::SystemExit& exit) {
        if (exit.has_message()) std::cerr << exit.message() << "\n";
        return exit.code();
    } catch (...) {
        std::cerr << asyncio::format_exception(std::current_exception()) << "\n";
        return 1;
    }
}
// [/main]
