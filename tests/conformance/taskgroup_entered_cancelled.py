# python >= 3.13
# Pins TGP-09: a group used for clean-up while the parent already has a cancel request outstanding
# restores exactly the count it found, with and without a failing child.
import asyncio


async def child(fail):
    await asyncio.sleep(0)
    if fail:
        raise ValueError("cleanup failed")
    print("cleaned")


async def cleanup(fail):
    task = asyncio.current_task()
    try:
        async with asyncio.TaskGroup() as tg:
            print("entered with", task.cancelling())
            tg.create_task(child(fail))
    except ExceptionGroup as g:
        print(list(g.exceptions))
    print("left with", task.cancelling())


async def victim(fail):
    try:
        await asyncio.sleep(10)
    finally:
        await cleanup(fail)


async def amain():
    for fail in (False, True):
        task = asyncio.create_task(victim(fail))
        await asyncio.sleep(0)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            print("cancelled", task.cancelled(), task.cancelling())


asyncio.run(amain())
