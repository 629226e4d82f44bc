# TMO-05, TMO-08: an outside cancel is never turned into TimeoutError: alone, and when the deadline
# expires too (the count is above the one at entry), CancelledError propagates.
import asyncio
import time


async def worker(delay):
    me = asyncio.current_task()
    try:
        async with asyncio.timeout(delay) as t:
            try:
                await asyncio.sleep(1000)
            except asyncio.CancelledError as e:
                print("inside", repr(e), me.cancelling(), t.expired())
                raise
    except TimeoutError:
        print("must not time out")
    except asyncio.CancelledError as e:
        print("outside", repr(e), me.cancelling(), t.expired())
        raise


async def amain():
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(worker(1000))
    await asyncio.sleep(0)
    task.cancel("alone")
    await asyncio.wait([task])
    print(task.cancelled())
    task = asyncio.create_task(worker(0.005))
    await asyncio.sleep(0)
    loop.call_later(0.001, task.cancel, "with the deadline")
    time.sleep(0.02)
    await asyncio.wait([task])
    print(task.cancelled(), task.cancelling())


asyncio.run(amain())
