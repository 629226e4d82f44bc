# CTX-05: reset restores the value before the set, once (RuntimeError) and only in the context of
# the set (ValueError); get() without a value or default is LookupError.
import asyncio
import contextvars

bare = contextvars.ContextVar("bare")
var = contextvars.ContextVar("var", default="default")


def attempt(name, call):
    try:
        call()
        print(name, "ok")
    except RuntimeError:
        print(name, "RuntimeError")
    except ValueError:
        print(name, "ValueError")
    except LookupError:
        print(name, "LookupError")


async def child(token):
    attempt("reset in another task", lambda: var.reset(token))
    print("child", var.get())


async def amain():
    attempt("get without value", lambda: bare.get())
    print(bare.get("fallback"), var.get("argument wins"), var.get())
    first = var.set("one")
    second = var.set("two")
    await asyncio.create_task(child(second))
    attempt("reset", lambda: var.reset(second))
    print(var.get())
    attempt("reset again", lambda: var.reset(second))
    await asyncio.sleep(0)
    attempt("reset after a step", lambda: var.reset(first))
    print(var.get())
    third = var.set("three")
    ctx = contextvars.copy_context()
    attempt("reset in another context", lambda: ctx.run(var.reset, third))
    print(var.get())


asyncio.run(amain())
