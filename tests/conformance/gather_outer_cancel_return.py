# TSK-35: with return_exceptions a cancelled gather still raises CancelledError to its awaiter; a
# task that awaits the gather and is cancelled goes the same way.
import asyncio


async def work(name):
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        print("cancelled", name)
        raise


async def fail():
    raise ValueError("early")


async def parent():
    outcome = await asyncio.gather(work("a"), fail(), work("b"), return_exceptions=True)
    print("not reached", len(outcome))


async def amain():
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(parent())
    for _ in range(3):
        await asyncio.sleep(0)
    task.cancel()
    loop.call_soon(print, "next batch")
    try:
        await task
    except asyncio.CancelledError:
        print("parent", task.cancelled(), task.cancelling())
    children = [asyncio.create_task(work("c")), asyncio.create_task(work("d"))]
    both = asyncio.gather(*children, return_exceptions=True)
    await asyncio.sleep(0)
    both.cancel()
    try:
        await both
    except asyncio.CancelledError:
        print("both", both.done(), [c.cancelled() for c in children])


asyncio.run(amain())
