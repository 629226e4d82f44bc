# CTX-01: a task copies the context when it is created, not at its first step; its changes persist
# over its awaits and are invisible to the creator and to its siblings.
import asyncio
import contextvars

var = contextvars.ContextVar("var", default="default")


async def child(name):
    print(name, "starts with", var.get())
    var.set(name)
    await asyncio.sleep(0)
    print(name, "after a step", var.get())
    await asyncio.sleep(0)
    print(name, "at the end", var.get())
    return var.get()


async def amain():
    print("main", var.get())
    var.set("at creation")
    a = asyncio.create_task(child("a"))
    b = asyncio.create_task(child("b"))
    var.set("changed before the first step")
    c = asyncio.create_task(child("c"))
    print("main", var.get())
    await asyncio.sleep(0)
    print("main", var.get())
    print(await a, await b, await c)
    print("main", var.get())


var.set("module")
asyncio.run(amain())
print("outside", var.get())
