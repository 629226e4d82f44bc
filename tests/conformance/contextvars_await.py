# CTX-02: awaiting a coroutine directly shares the context, create_task, gather and TaskGroup
# children get copies; an exception does not undo a change.
import asyncio
import contextvars

var = contextvars.ContextVar("var", default=0)


async def bump(amount):
    var.set(var.get() + amount)
    await asyncio.sleep(0)
    return var.get()


async def bump_and_fail():
    var.set(100)
    raise ValueError("failed")


async def amain():
    print(await bump(1), var.get())
    print(await bump(1), var.get())
    print(await asyncio.create_task(bump(10)), var.get())
    results = await asyncio.gather(bump(20), bump(30))
    print(results[0], results[1], var.get())
    async with asyncio.TaskGroup() as tg:
        task = tg.create_task(bump(40))
    print(task.result(), var.get())
    print(await asyncio.shield(bump(50)), var.get())
    try:
        await bump_and_fail()
    except ValueError:
        print("failed", var.get())


asyncio.run(amain())
