# TSK-32, TSK-33: return_exceptions waits for everybody and puts exceptions (CancelledError too) in
# their slots, in argument order.
import asyncio


async def value(n):
    await asyncio.sleep(0)
    print("value", n)
    return n


async def fail(turns):
    for _ in range(turns):
        await asyncio.sleep(0)
    print("fail", turns)
    raise ValueError("after " + str(turns))


async def cancels():
    raise asyncio.CancelledError("own")


async def amain():
    both = asyncio.gather(value(1), fail(0), value(2), fail(3), cancels(), return_exceptions=True)
    outcomes = await both
    for outcome in outcomes[:4]:
        print(repr(outcome))
    print(type(outcomes[4]).__name__)
    print(both.cancelled(), both.exception() is None)
    tasks = [asyncio.create_task(fail(n)) for n in range(2)]
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        print(repr(outcome))


asyncio.run(amain())
