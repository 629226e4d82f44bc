# TSK-23, TSK-30: a cancelled sleep raises at once; cancelling during sleep(0) is delivered at the
# very next step; a sleep whose timer fired in the cancel's batch is cancelled all the same.
import asyncio
import time


async def sleeper(delay):
    try:
        await asyncio.sleep(delay)
        print("slept", delay)
    except asyncio.CancelledError as e:
        print("cancelled", delay, repr(e))
        raise


async def amain():
    loop = asyncio.get_running_loop()
    for delay in (1000, 0, -1):
        task = asyncio.create_task(sleeper(delay))
        await asyncio.sleep(0)
        accepted = task.cancel("in the sleep")
        loop.call_soon(print, "next batch")
        await asyncio.wait([task])
        print(accepted, task.cancelled())
    task = asyncio.create_task(sleeper(0.001))
    await asyncio.sleep(0)
    loop.call_later(0.002, task.cancel, "both timers due")
    time.sleep(0.01)
    await asyncio.wait([task])
    print(task.cancelled())


asyncio.run(amain())
