# python >= 3.12
# TSK-25, CTX-01: the eager step runs in the task's own copy of the context; the creator's context
# is back after create_task, and the rest of the task continues in its copy.
import asyncio
import contextvars

var = contextvars.ContextVar("var", default="default")


async def child(name, turns):
    print(name, "starts with", var.get())
    var.set(name)
    for _ in range(turns):
        await asyncio.sleep(0)
    print(name, "ends with", var.get())


async def amain():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    var.set("main")
    a = asyncio.create_task(child("a", 0))
    print("main", var.get(), a.done())
    b = asyncio.create_task(child("b", 2))
    print("main", var.get(), b.done())
    var.set("main changed")
    await b
    ctx = contextvars.copy_context()
    c = asyncio.create_task(child("c", 1), context=ctx)
    print("main", var.get(), "ctx", ctx.run(var.get))
    await c
    print("main", var.get(), "ctx", ctx.run(var.get))


asyncio.run(amain())
