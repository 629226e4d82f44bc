# python >= 3.15
# Pins TGP-17: cancel() hides neither a child that fails while leaving nor a cancellation that came
# from outside as well.
import asyncio


async def child(fail):
    try:
        await asyncio.sleep(10)
    finally:
        if fail:
            raise ValueError("cleanup")


async def parent(fail):
    task = asyncio.current_task()
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(child(fail))
            await asyncio.sleep(0)
            asyncio.get_running_loop().call_soon(tg.cancel)
            await asyncio.sleep(10)
    except ExceptionGroup as g:
        print("group", list(g.exceptions), task.cancelling())
    except asyncio.CancelledError:
        print("cancelled", task.cancelling())
        raise
    print("parent goes on", task.cancelling())


async def amain():
    await parent(True)
    await parent(False)
    task = asyncio.create_task(parent(False))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("cancel", task.cancel())
    await asyncio.wait([task])
    print("ended cancelled", task.cancelled(), task.cancelling())


asyncio.run(amain())
