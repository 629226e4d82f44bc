# SCH-09, FUT-03, CTX-04: call_soon, call_later and done callbacks run in a copy of the context
# taken when they were registered; context= runs them in that very context.
import asyncio
import contextvars

var = contextvars.ContextVar("var", default="default")


def show(name):
    print(name, var.get())
    var.set("set by " + name)


async def amain():
    loop = asyncio.get_running_loop()
    fut = loop.create_future()
    var.set("one")
    loop.call_soon(show, "soon")
    fut.add_done_callback(lambda f: show("done callback 1"))
    var.set("two")
    loop.call_later(0, show, "later")
    fut.add_done_callback(lambda f: show("done callback 2"))
    ctx = contextvars.copy_context()
    ctx.run(var.set, "in ctx")
    loop.call_soon(show, "with context", context=ctx)
    loop.call_soon(show, "same context", context=ctx)
    fut.add_done_callback(lambda f: show("done with context"), context=ctx)
    var.set("three")
    fut.set_result(None)
    print("main", var.get())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("main", var.get())
    print("ctx", ctx.run(var.get))


asyncio.run(amain())
