# python >= 3.12
# TSK-42, TSK-43: cancelling the task in wait_for cancels the inner and propagates CancelledError,
# also when the inner finishes in the same batch: an outer cancellation is never lost.
import asyncio


async def inner(fut):
    try:
        return await fut
    except asyncio.CancelledError as e:
        print("inner", repr(e))
        raise


async def caller(aw):
    try:
        print("got", await asyncio.wait_for(aw, 1000))
    except asyncio.CancelledError as e:
        print("caller", repr(e), asyncio.current_task().cancelling())
        raise


async def amain():
    loop = asyncio.get_running_loop()
    i = asyncio.create_task(inner(loop.create_future()))
    task = asyncio.create_task(caller(i))
    await asyncio.sleep(0)
    task.cancel("outside")
    await asyncio.wait([task])
    print(task.cancelled(), i.cancelled())

    fut = loop.create_future()
    task = asyncio.create_task(caller(fut))
    await asyncio.sleep(0)
    fut.set_result("same batch")
    task.cancel("not lost")
    await asyncio.wait([task])
    print(task.cancelled(), fut.result())

    i = asyncio.create_task(inner(loop.create_future()))
    task = asyncio.create_task(caller(i))
    await asyncio.sleep(0)
    i.cancel("inner only")
    await asyncio.wait([task])
    print(task.cancelled(), task.cancelling())


asyncio.run(amain())
