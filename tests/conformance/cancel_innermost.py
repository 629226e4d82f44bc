# G-05, TSK-12: the CancelledError appears at the innermost await of the chain and travels outward
# through every frame, within one step.
import asyncio


async def level(depth):
    try:
        if depth == 0:
            await asyncio.sleep(1000)
        else:
            await level(depth - 1)
        print("not reached", depth)
    except asyncio.CancelledError as e:
        print("level", depth, repr(e))
        if depth == 1:
            raise asyncio.CancelledError("replaced")
        raise
    return depth


async def swallower():
    try:
        await level(2)
    except asyncio.CancelledError as e:
        print("swallower", repr(e))
    return await asyncio.sleep(0, "swallowed at the top")


async def amain():
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(level(3))
    await asyncio.sleep(0)
    task.cancel("deep")
    loop.call_soon(print, "after the unwinding")
    await asyncio.wait([task])
    print(task.cancelled())
    task = asyncio.create_task(swallower())
    await asyncio.sleep(0)
    task.cancel()
    print(await task)


asyncio.run(amain())
