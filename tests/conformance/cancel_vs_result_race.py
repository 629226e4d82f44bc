# TSK-12, TSK-41: cancel() and completion of the awaited task in one batch, in both orders: neither
# the cancel nor the inner task's own result may get lost.
import asyncio


async def inner(fut):
    return await fut


async def outer(task):
    try:
        print("outer got", await task)
    except asyncio.CancelledError:
        print("outer cancelled")
        raise


async def amain():
    loop = asyncio.get_running_loop()
    for delay in range(4):
        fut = loop.create_future()
        i = asyncio.create_task(inner(fut))
        o = asyncio.create_task(outer(i))
        await asyncio.sleep(0)
        fut.set_result("value")
        for _ in range(delay):
            await asyncio.sleep(0)
        accepted = o.cancel()
        print("delay", delay, accepted, i.done(), o.done())
        await asyncio.wait([i, o])
        print("inner", i.cancelled(), "outer", o.cancelled())


asyncio.run(amain())
