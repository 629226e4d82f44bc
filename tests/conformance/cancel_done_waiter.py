# TSK-12: the awaited future is already done when cancel() comes (the wake-up is queued): the next
# step throws CancelledError instead of delivering the result, which stays on the future.
import asyncio


async def waiter(fut):
    try:
        print("result", await fut)
    except asyncio.CancelledError as e:
        print("waiter", repr(e))
        raise
    except ValueError as e:
        print("waiter", repr(e))


async def amain():
    loop = asyncio.get_running_loop()
    fut = loop.create_future()
    task = asyncio.create_task(waiter(fut))
    await asyncio.sleep(0)
    fut.set_result("lost")
    accepted = task.cancel("too late for the result")
    print(accepted, fut.cancelled(), task.cancelling())
    await asyncio.wait([task])
    print("task", task.cancelled(), "future", fut.result())

    failed = loop.create_future()
    task = asyncio.create_task(waiter(failed))
    await asyncio.sleep(0)
    failed.set_exception(ValueError("lost too"))
    task.cancel()
    await asyncio.wait([task])
    print("task", task.cancelled(), "future", repr(failed.exception()))

    fut = loop.create_future()
    task = asyncio.create_task(waiter(fut))
    await asyncio.sleep(0)
    task.cancel("first")
    print("future", fut.cancelled())
    await asyncio.wait([task])
    print("task", task.cancelled())


asyncio.run(amain())
