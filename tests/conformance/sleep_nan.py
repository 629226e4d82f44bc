# python >= 3.13
# TSK-30: sleep(NaN) raises ValueError "Invalid delay: NaN (not a number)" when it is awaited,
# without an iteration; the sign of the NaN does not matter.
import asyncio


async def amain():
    loop = asyncio.get_running_loop()
    loop.call_soon(print, "an iteration passed")
    nan = float("nan")
    for delay in (nan, -nan):
        coroutine = asyncio.sleep(delay)
        print("not checked before the await")
        try:
            await coroutine
        except ValueError as e:
            print("ValueError", e)
    try:
        await asyncio.sleep(nan, "result")
    except ValueError as e:
        print("ValueError", e)
    task = asyncio.create_task(asyncio.sleep(nan))
    try:
        await task
    except ValueError as e:
        print("in a task", repr(e))
    await asyncio.sleep(0)


asyncio.run(amain())
