// CTX-05: reset restores the value before the set, once (RuntimeError) and only in the context of
// the set (ValueError); get() without a value or default is LookupError.
#include "py.hpp"

asyncio::ContextVar<std::string> bare{"bare"};
asyncio::ContextVar<std::string> var{"var", "default"};

void attempt(std::string name, std::function<void()> call) {
    try {
        call();
        print(name, "ok");
    } catch (const asyncio::RuntimeError&) {
        print(name, "RuntimeError");
    } catch (const asyncio::ValueError&) {
        print(name, "ValueError");
    } catch (const asyncio::LookupError&) {
        print(name, "LookupError");
    }
}

asyncio::Coroutine<> child(asyncio::Token<std::string> token) {
    attempt("reset in another task", [&] { var.reset(token); });
    print("child", var.get());
    co_return;
}

asyncio::Coroutine<> amain() {
    attempt("get without value", [] { bare.get(); });
    print(bare.get("fallback"), var.get("argument wins"), var.get());
    auto first = var.set("one");
    auto second = var.set("two");
    co_await asyncio::create_task(child(second));
    attempt("reset", [&] { var.reset(second); });
    print(var.get());
    attempt("reset again", [&] { var.reset(second); });
    co_await asyncio::sleep(0);
    attempt("reset after a step", [&] { var.reset(first); });
    print(var.get());
    auto third = var.set("three");
    auto ctx = asyncio::copy_context();
    attempt("reset in another context", [&] { ctx.run([&] { var.reset(third); }); });
    print(var.get());
}

int main() { asyncio::run(amain()); }
