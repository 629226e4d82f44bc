# TSK-37: an inner that is cancelled cancels the shield; an inner that fails or returns passes that
# on, one iteration later than awaiting it directly.
import asyncio


async def work(turns, fail):
    for _ in range(turns):
        await asyncio.sleep(0)
    if fail:
        raise ValueError("inner")
    return "value"


async def through(name, shield):
    try:
        print(name, await shield)
    except asyncio.CancelledError:
        print(name, "cancelled", shield.cancelled())
    except ValueError as e:
        print(name, repr(e), shield.exception() is e)


async def amain():
    loop = asyncio.get_running_loop()
    inner = asyncio.create_task(work(1000, False))
    shield = asyncio.shield(inner)
    await asyncio.sleep(0)
    inner.cancel()
    await through("cancelled inner", shield)
    print(asyncio.current_task().cancelling())
    await through("failing inner", asyncio.shield(work(1, True)))
    inner = asyncio.create_task(work(0, False))
    shield = asyncio.shield(inner)
    inner.add_done_callback(lambda t: loop.call_soon(print, "after the shield"))
    task = asyncio.create_task(inner_first(inner))
    await through("shield", shield)
    await task


async def inner_first(inner):
    print("direct", await inner)


asyncio.run(amain())
