# TSK-05, TSK-07, TSK-11: a task's states, result and stored exception; a finished task can be
# awaited again at no cost, and cancel() on it is refused.
import asyncio


async def value():
    await asyncio.sleep(0)
    return 7


async def fail():
    await asyncio.sleep(0)
    raise ValueError("failed")


async def amain():
    loop = asyncio.get_running_loop()
    good = asyncio.create_task(value())
    bad = asyncio.create_task(fail())
    for step in range(3):
        print("step", step, good.done(), bad.done())
        await asyncio.sleep(0)
    try:
        asyncio.create_task(value()).result()
    except asyncio.InvalidStateError:
        print("InvalidStateError")
    print(good.result(), repr(good.exception()), good.cancelled())
    print(repr(bad.exception()), bad.cancelled())
    refused = good.cancel()
    print("cancel", refused, good.cancelling(), good.cancelled())
    loop.call_soon(print, "an iteration passed")
    print(await good + await good)
    for _ in range(2):
        try:
            await bad
        except ValueError as e:
            print(repr(e), e is bad.exception())
    await asyncio.sleep(0)


asyncio.run(amain())
