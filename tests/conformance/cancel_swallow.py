# TSK-16: swallowing CancelledError is legal: the task goes on, finishes normally, cancelled() is
# false, cancelling() stays above 0 until uncancel().
import asyncio


async def stubborn(withdraw):
    task = asyncio.current_task()
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        print("swallowed", task.cancelling())
    if withdraw:
        print("uncancel", task.uncancel())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("still here", task.cancelling())
    return "value"


async def amain():
    for withdraw in (False, True):
        task = asyncio.create_task(stubborn(withdraw))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0)
        print("after the cancel", task.done(), task.cancelling())
        print(await task)
        print(task.cancelled(), task.cancelling())


asyncio.run(amain())
