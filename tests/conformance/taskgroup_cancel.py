# python >= 3.15
# Pins TGP-17: cancel() stops body and children and the block ends without an error; repeating it,
# or calling it after the end, does nothing; called before entry it acts at the first suspension of
# the body.
import asyncio


async def child():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print("child cancelled")
        raise


async def amain():
    task = asyncio.current_task()
    async with asyncio.TaskGroup() as tg:
        tg.create_task(child())
        await asyncio.sleep(0)
        tg.cancel()
        tg.cancel()
        print("after cancel", task.cancelling())
        await asyncio.sleep(10)
        print("not reached")
    print("left", task.cancelling())
    tg.cancel()
    await asyncio.sleep(0)
    print("harmless", task.cancelling())

    early = asyncio.TaskGroup()
    early.cancel()
    async with early:
        print("body starts", task.cancelling())
        await asyncio.sleep(0)
        print("not reached")
    print("left", task.cancelling())


asyncio.run(amain())
