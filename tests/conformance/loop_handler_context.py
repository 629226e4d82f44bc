# python >= 3.12
# EXH-05: the exception handler runs in the context of the handle that failed, not in the one of
# whoever installed it; called directly, in the current one.
import asyncio
import contextvars

var = contextvars.ContextVar("var", default="default")


def handler(loop, context):
    print("handler in", var.get(), "for", repr(context["exception"]))


def bad(text):
    raise ValueError(text)


async def amain():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(handler)
    var.set("one")
    loop.call_soon(bad, "first")
    ctx = contextvars.copy_context()
    ctx.run(var.set, "in ctx")
    loop.call_soon(bad, "second", context=ctx)
    var.set("two")
    loop.call_later(0, bad, "third")
    fut = loop.create_future()
    fut.add_done_callback(lambda f: bad("fourth"))
    fut.set_result(None)
    var.set("three")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    loop.call_exception_handler({"message": "direct", "exception": ValueError("direct")})


asyncio.run(amain())
