# python >= 3.13
# Pins LCK-07: cancels that arrive while wait() re-acquires the lock are remembered, the acquisition
# is retried each time, and the latest one is raised once the lock is held.
import asyncio


async def waiter(cond):
    async with cond:
        try:
            await cond.wait()
        except asyncio.CancelledError as e:
            print("raised", repr(e), cond.locked(), asyncio.current_task().cancelling())
            raise


async def amain():
    cond = asyncio.Condition()
    task = asyncio.create_task(waiter(cond))
    await asyncio.sleep(0)
    await cond.acquire()
    for message in ("first", "second", "third"):
        task.cancel(message)
        for _ in range(3):
            await asyncio.sleep(0)
        print("after", message, task.done())
    cond.release()
    await asyncio.wait([task])
    print(task.cancelled(), cond.locked())


asyncio.run(amain())
