# TSK-19, TSK-22: another exception thrown while unwinding a cancellation wins: the task ends with
# it and is not cancelled; the count stays.
import asyncio


async def worker():
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        raise ValueError("while unwinding")


async def middle():
    try:
        await worker()
    except ValueError as e:
        print("middle", repr(e))
        raise RuntimeError("translated")


async def amain():
    for body in (worker, middle):
        task = asyncio.create_task(body())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        print(repr(task.exception()), task.cancelled(), task.cancelling())
        try:
            await task
        except (ValueError, RuntimeError) as e:
            print("main", repr(e))


asyncio.run(amain())
