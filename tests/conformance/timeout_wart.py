# python >= 3.12
# TMO-13: the known wart kept for parity: timeout(0) entered after an outside cancel() that is not
# delivered yet swallows that cancel (cpython#134471).
import asyncio


async def worker():
    me = asyncio.current_task()
    me.cancel("outside, not delivered")
    print("before", me.cancelling())
    try:
        async with asyncio.timeout(0):
            await asyncio.sleep(1000)
    except TimeoutError as e:
        print(repr(e), me.cancelling())
    except asyncio.CancelledError as e:
        print(repr(e), me.cancelling())
        raise
    await asyncio.sleep(0)
    print("went on", me.cancelling())
    return "value"


async def amain():
    task = asyncio.create_task(worker())
    try:
        print(await task)
    except asyncio.CancelledError as e:
        print("main", repr(e))
    print(task.cancelled(), task.cancelling())


asyncio.run(amain())
