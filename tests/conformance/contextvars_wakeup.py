# CTX-01, CTX-04: a task resumes in its own context whoever completes its future, and the
# completer's context does not leak into it (nor the task's into the completer).
import asyncio
import contextvars

var = contextvars.ContextVar("var", default="default")


async def waiter(fut):
    var.set("waiter's")
    print("waiter resumed by", await fut, "in", var.get())
    var.set("changed by the waiter")


async def completer(fut):
    var.set("completer's")
    fut.set_result("completer")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("completer still in", var.get())


async def amain():
    loop = asyncio.get_running_loop()
    var.set("main's")
    fut = loop.create_future()
    w = asyncio.create_task(waiter(fut))
    await asyncio.sleep(0)
    c = asyncio.create_task(completer(fut))
    await c
    print("main in", var.get(), w.done())

    fut = loop.create_future()
    w = asyncio.create_task(waiter(fut))
    ctx = contextvars.copy_context()
    ctx.run(var.set, "callback's")
    await asyncio.sleep(0)
    loop.call_soon(fut.set_result, "callback", context=ctx)
    await w
    print("main in", var.get(), "callback in", ctx.run(var.get))


asyncio.run(amain())
