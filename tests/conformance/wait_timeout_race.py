# TSK-39, TSK-40: the timeout of wait and the completion of a child in one batch, in both orders,
# and a cancel of the waiter in that batch: done is what is done on resumption, the cancel is not
# lost.
import asyncio
import time


async def waiter(fut):
    try:
        done, pending = await asyncio.wait([fut], timeout=0.01)
        print("done", len(done), "pending", len(pending))
    except asyncio.CancelledError as e:
        print("waiter", repr(e))
        raise


async def amain():
    loop = asyncio.get_running_loop()
    for when in (0.005, 0.015):
        fut = loop.create_future()
        task = asyncio.create_task(waiter(fut))
        await asyncio.sleep(0)
        loop.call_later(when, fut.set_result, None)
        time.sleep(0.03)
        await asyncio.wait([task])
    fut = loop.create_future()
    task = asyncio.create_task(waiter(fut))
    await asyncio.sleep(0)
    loop.call_later(0.015, task.cancel, "after the timeout")
    time.sleep(0.03)
    await asyncio.wait([task])
    print(task.cancelled(), fut.done())
    fut.set_result(None)
    done, pending = await asyncio.wait([fut], timeout=0.01)
    print("done", len(done), "pending", len(pending))


asyncio.run(amain())
