# Pins TGP-03, TGP-08: CancelledError raised by the body itself (nobody called cancel) cancels the
# children and leaves the block as it is; no group, no count.
import asyncio


async def child():
    try:
        await asyncio.sleep(10)
    finally:
        await asyncio.sleep(0)
        print("child gone")


async def amain():
    task = asyncio.current_task()
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(child())
            await asyncio.sleep(0)
            raise asyncio.CancelledError("own")
    except asyncio.CancelledError as e:
        print("left", repr(e), task.cancelling())
    await asyncio.sleep(0)
    print("goes on")


asyncio.run(amain())
