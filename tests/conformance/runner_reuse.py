# RUN-06: one Runner serves several run() calls with the same loop and the same base context; tasks
# left by one main go on in the next; a context of its own overrides.
import asyncio
import contextvars

var = contextvars.ContextVar("var", default="default")


async def background():
    for i in range(3):
        print("background", i)
        await asyncio.sleep(0)


async def first(box):
    box.append(asyncio.get_running_loop())
    print("first sees", var.get())
    var.set("set by first")
    box.append(asyncio.create_task(background()))
    await asyncio.sleep(0)
    return 1


async def second(box):
    print("second sees", var.get(), asyncio.get_running_loop() is box[0])
    await box[1]
    return 2


async def third():
    print("third sees", var.get())
    return 3


box = []
with asyncio.Runner() as runner:
    print(runner.run(first(box)))
    print(runner.run(second(box)))
    ctx = contextvars.copy_context()
    print(runner.run(third(), context=ctx))
    print(runner.run(third()), runner.get_loop() is box[0])
print(box[0].is_closed(), var.get())
