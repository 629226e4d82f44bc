# python >= 3.12
# TMO-10: a timeout entered while a cancellation is already counted (in a clean-up) still converts:
# the count at entry is the base, not zero.
import asyncio


async def worker():
    me = asyncio.current_task()
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        print("cancelled", me.cancelling())
    try:
        async with asyncio.timeout(0.005):
            await asyncio.sleep(1000)
    except TimeoutError as e:
        print("clean-up", repr(e), me.cancelling())
    try:
        async with asyncio.timeout(0):
            await asyncio.sleep(1000)
    except TimeoutError as e:
        print("clean-up", repr(e), me.cancelling())
    async with asyncio.timeout(1000):
        await asyncio.sleep(0)
    print("in time", me.cancelling(), me.uncancel())
    return "value"


async def amain():
    task = asyncio.create_task(worker())
    await asyncio.sleep(0)
    task.cancel()
    print(await task)
    print(task.cancelled())


asyncio.run(amain())
