# Pins TGP-07, TGP-08, TGP-09: cancelling the parent while it waits cancels the child once, waits
# for its clean-up even if cancelled again meanwhile, then CancelledError leaves the block.
import asyncio


async def child():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print("child cancelled")
        for i in range(5):
            await asyncio.sleep(0)
            print("clean-up", i)
        raise


async def parent():
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(child())
            print("body done")
    except asyncio.CancelledError:
        print("parent cancelled", asyncio.current_task().cancelling())
        raise


async def amain():
    task = asyncio.create_task(parent())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    for i in range(3):
        print("cancel", i, task.cancel(), task.cancelling())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        print("done", task.done())
    try:
        await task
    except asyncio.CancelledError:
        print("awaited", task.cancelled(), task.cancelling())


asyncio.run(amain())
