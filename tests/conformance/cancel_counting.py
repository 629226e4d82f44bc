# TSK-11, TSK-15: every cancel() of an unfinished task counts and returns true, also while one is
# pending; it takes effect at the next step (cancelled() stays false); on a done task it is
# refused.
import asyncio


async def worker():
    task = asyncio.current_task()
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        print("worker sees", task.cancelling())
        raise


async def amain():
    task = asyncio.create_task(worker())
    await asyncio.sleep(0)
    print("before", task.cancelling())
    for _ in range(3):
        accepted = task.cancel()
        print(accepted, task.cancelling(), task.cancelled(), task.done())
    await asyncio.sleep(0)
    print("after one iteration", task.cancelled(), task.done(), task.cancelling())
    refused = task.cancel()
    print(refused, task.cancelling())
    try:
        await task
    except asyncio.CancelledError as e:
        print(repr(e), task.cancelling())
    me = asyncio.current_task()
    print("main", me.cancelling(), me.uncancel())


asyncio.run(amain())
