// Awaits in conditions. GCC before 13 loses the control flow of a coroutine whose body has no local
// variable and awaits in the condition of an if, while, for or switch. One local of the body, or an
// await that initialises a variable, is enough.
#include "mini.hpp"

static Coroutine<int> length(std::string text) {
    co_await Yield();
    co_return static_cast<int>(text.size());
}
static Coroutine<std::optional<Probe>> next(int& left) {
    co_await Yield();
    if (left == 0) co_return std::nullopt;
    co_return Probe(left--);
}

static Coroutine<int> local_first() {
    [[maybe_unused]] int guard = 0;
    if (co_await length(std::string(50, 'x')) == 50) co_return 1;
    co_return 0;
}
static Coroutine<int> result_first() {
    int n = co_await length(std::string(50, 'x'));
    if (n == 50) co_return 1;
    co_return 0;
}
static Coroutine<int> init_statement() {
    if (int n = co_await length(std::string(50, 'x')); n == 50) co_return 1;
    co_return 0;
}
static Coroutine<int> short_circuit() {
    int calls = 0;
    if (co_await length("ab") == 2 && co_await length("") == 1) co_return -1;
    while (co_await length(std::string(static_cast<std::size_t>(calls), 'x')) < 3) ++calls;
    for (; co_await length("abc") != calls; ++calls) co_return -2;
    switch (co_await length("abc")) {
    case 3: co_return calls;
    default: co_return -3;
    }
}
static Coroutine<int> while_declares(int& left) {
    int sum = 0;
    while (auto probe = co_await next(left)) sum += probe->use();
    co_return sum;
}
// The loop of the documentation: `async for x in g`.
static Coroutine<int> endless() {
    int left = 3;
    int sum = 0;
    for (;;) {
        auto probe = co_await next(left);
        if (!probe) break;
        sum += probe->use();
    }
    co_return sum;
}

static Coroutine<> amain() {
    int left = 4;
    int a = co_await local_first();
    int b = co_await result_first();
    int c = co_await init_statement();
    check(a == 1 && b == 1 && c == 1);
    int d = co_await short_circuit();
    check(d == 3);
    int e = co_await while_declares(left);
    int f = co_await endless();
    check(e == 10 && f == 6);
}

int main() { return mini::finish(amain()); }
