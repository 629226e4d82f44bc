# CTX-03, CTX-01: create_task(context=ctx) runs every step in that very context: two tasks may
# share it (they see each other's changes), the creator can look into it afterwards.
import asyncio
import contextvars

var = contextvars.ContextVar("var", default="default")


async def child(name):
    print(name, "sees", var.get())
    var.set("set by " + name)
    await asyncio.sleep(0)
    print(name, "sees", var.get())
    await asyncio.sleep(0)
    return var.get()


async def amain():
    ctx = contextvars.copy_context()
    ctx.run(var.set, "prepared")
    a = asyncio.create_task(child("a"), context=ctx)
    b = asyncio.create_task(child("b"), context=ctx)
    c = asyncio.create_task(child("c"))
    print("main", var.get())
    print(await a, await b, await c)
    print("main", var.get(), "ctx", ctx.run(var.get))

    def nested():
        try:
            ctx.run(var.get)
        except RuntimeError as e:
            print("RuntimeError", "is already entered" in str(e))

    ctx.run(nested)


asyncio.run(amain())
