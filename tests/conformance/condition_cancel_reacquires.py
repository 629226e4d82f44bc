# Pins LCK-07: a cancelled wait() re-acquires the lock before CancelledError leaves it, so it has to
# wait for the present holder first.
import asyncio


async def waiter(cond):
    async with cond:
        try:
            await cond.wait()
        except asyncio.CancelledError:
            print("cancelled, holds the lock:", cond.locked())
            raise
    print("not reached")


async def amain():
    cond = asyncio.Condition()
    task = asyncio.create_task(waiter(cond))
    await asyncio.sleep(0)
    await cond.acquire()
    print("cancel", task.cancel())
    for _ in range(4):
        await asyncio.sleep(0)
    print("still waiting for the lock", not task.done())
    cond.release()
    print("released", cond.locked())
    await asyncio.wait([task])
    print(task.cancelled(), cond.locked())


asyncio.run(amain())
