# TSK-37, TSK-42: wait_for(shield(task), t), the idiom for a deadline that must not kill the work:
# the caller times out at once, the work goes on, and a second attempt gets its result.
import asyncio


async def work(fut):
    try:
        return await fut
    except asyncio.CancelledError:
        print("must not be cancelled")
        raise


async def amain():
    loop = asyncio.get_running_loop()
    fut = loop.create_future()
    task = asyncio.create_task(work(fut))
    for attempt in range(2):
        try:
            print(await asyncio.wait_for(asyncio.shield(task), 0.005))
        except asyncio.TimeoutError as e:
            print("attempt", attempt, repr(e), task.done(), task.cancelling())
    try:
        await asyncio.wait_for(asyncio.shield(task), 0)
    except asyncio.TimeoutError:
        print("timeout 0", task.done())
    fut.set_result("value")
    print(await asyncio.wait_for(asyncio.shield(task), 1000))
    print(await asyncio.wait_for(asyncio.shield(task), 0))
    print(task.cancelled(), asyncio.current_task().cancelling())


asyncio.run(amain())
