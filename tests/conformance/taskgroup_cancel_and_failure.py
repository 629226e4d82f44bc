# python >= 3.13
# Pins TGP-07, TGP-09: an outside cancel arrives while waiting and a child then fails: the group is
# raised, the count is kept, and the cancellation is delivered again at the next await.
import asyncio


async def fails_when_cancelled():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print("child turns cancel into an error")
        raise ValueError("cleanup")


async def parent():
    task = asyncio.current_task()
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(fails_when_cancelled())
    except ExceptionGroup as g:
        print("group", list(g.exceptions), task.cancelling())
    print("still running")
    try:
        await asyncio.sleep(0)
        print("not reached")
    except asyncio.CancelledError:
        print("cancelled at the next await", task.cancelling())
        raise


async def amain():
    task = asyncio.create_task(parent())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("cancelled", task.cancelled())


asyncio.run(amain())
