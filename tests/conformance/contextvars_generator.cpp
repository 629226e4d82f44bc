// CTX-01, CTX-02: an asynchronous generator runs in the context of whoever iterates it: a change
// made between two yields is seen by the consumer, and each consumer task has its own.
#include "py.hpp"

asyncio::ContextVar<std::string> var{"var", "default"};

using Numbers = asyncio::AsyncGenerator<int>;

Numbers numbers() {
    for (int n = 0; n < 3; ++n) {
        print("generator sees", var.get());
        var.set("set by the generator " + std::to_string(n));
        co_await asyncio::sleep(0);
        co_yield n;
    }
}

asyncio::Coroutine<> take(Numbers generator, std::string name) {
    print(name, "starts with", var.get());
    auto n = co_await generator.next();
    print(name, "got", n, "in", var.get());
}

asyncio::Coroutine<> amain() {
    auto generator = numbers();
    var.set("main");
    auto n = co_await generator.next();
    print("main got", n, "in", var.get());
    co_await asyncio::create_task(take(generator, "task"));
    print("main still in", var.get());
    var.set("main again");
    co_await take(generator, "inline");
    print("main in", var.get());
    co_await generator.aclose();
}

int main() { asyncio::run(amain()); }
