# python >= 3.13
# TSK-20: uncancel() returns what is left and never goes below 0; reaching 0 withdraws a request
# that was not delivered yet, so the body runs as if nobody had cancelled.
import asyncio


async def worker():
    print("worker runs")
    await asyncio.sleep(0)
    print("worker ends")
    return "value"


async def itself():
    task = asyncio.current_task()
    task.cancel()
    task.cancel()
    print("left", task.uncancel())
    print("left", task.uncancel())
    await asyncio.sleep(0)
    print("not interrupted")
    task.cancel()
    task.cancel()
    print("left", task.uncancel())
    try:
        await asyncio.sleep(0)
    except asyncio.CancelledError:
        print("one request was left")


async def amain():
    task = asyncio.create_task(worker())
    print(task.uncancel(), task.cancelling())
    task.cancel()
    print(task.uncancel(), task.cancelling())
    print(task.uncancel(), task.cancelling())
    print(await task)
    print(task.cancelled())
    await asyncio.create_task(itself())
    task = asyncio.create_task(worker())
    task.cancel()
    task.cancel()
    print(task.uncancel(), task.cancelling())
    try:
        await task
    except asyncio.CancelledError:
        print("cancelled", task.cancelled())


asyncio.run(amain())
