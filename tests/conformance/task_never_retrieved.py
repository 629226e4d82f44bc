# FUT-07: "Task exception was never retrieved" for a dropped failed task, with its name reachable;
# a cancelled task and a retrieved one report nothing, a cancelled waiter is not a retrieval.
import asyncio


def handler(loop, context):
    print("handler:", context["message"], repr(context["exception"]))


async def fail(text):
    await asyncio.sleep(0)
    raise ValueError(text)


async def waiter(task):
    await task


async def amain():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(handler)
    task = asyncio.create_task(fail("dropped after the end"))
    for _ in range(3):
        await asyncio.sleep(0)
    print("finished, still held")
    task = None
    await asyncio.sleep(0)
    task = asyncio.create_task(fail("read"))
    await asyncio.wait([task])
    print(repr(task.exception()))
    task = None
    task = asyncio.create_task(fail("cancelled"))
    task.cancel()
    await asyncio.wait([task])
    task = None
    await asyncio.sleep(0)
    task = asyncio.create_task(fail("awaited"))
    try:
        await task
    except ValueError as e:
        print(repr(e))
    task = None
    print("end")


asyncio.run(amain())
