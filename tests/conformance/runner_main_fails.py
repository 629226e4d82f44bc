# RUN-03, RUN-13: an exception of main (also KeyboardInterrupt) comes out of run() after the
# leftovers were cancelled and finished; their results are ignored.
import asyncio


async def leftover(name):
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        print("leftover of", name, "cancelled")
        await asyncio.sleep(0)
    print("leftover of", name, "returns")
    return "ignored"


async def failing():
    task = asyncio.create_task(leftover("failing"))
    await asyncio.sleep(0)
    raise ValueError("main failed")


async def interrupted():
    task = asyncio.create_task(leftover("interrupted"))
    await asyncio.sleep(0)
    raise KeyboardInterrupt


async def cancelled():
    task = asyncio.create_task(leftover("cancelled"))
    await asyncio.sleep(0)
    raise asyncio.CancelledError("own")


for body in (failing, interrupted, cancelled):
    try:
        asyncio.run(body())
        print("not reached")
    except ValueError as e:
        print(repr(e))
    except KeyboardInterrupt:
        print("KeyboardInterrupt")
    except asyncio.CancelledError as e:
        print(repr(e))
