# TSK-42: an inner that swallows the cancel of the expired deadline and returns a value: wait_for
# returns that value, no TimeoutError, and the caller is not left with a request.
import asyncio


async def stubborn(turns):
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        print("swallowed")
    for _ in range(turns):
        await asyncio.sleep(0)
    return "value"


async def amain():
    task = asyncio.create_task(stubborn(3))
    print(await asyncio.wait_for(task, 0.01))
    print(task.cancelled(), task.cancelling())
    print(await asyncio.wait_for(stubborn(2), 0.01))
    print(asyncio.current_task().cancelling())
    await asyncio.sleep(0)
    print("not interrupted later")


asyncio.run(amain())
