# TSK-34: a cancelled child counts as one that raised CancelledError: the gather is finished with
# an exception (cancelled() is false), siblings go on, the awaiter's cancelling() stays 0.
import asyncio


async def work(turns):
    for _ in range(turns):
        await asyncio.sleep(0)
    print("work ends")
    return "value"


async def amain():
    loop = asyncio.get_running_loop()
    victim = asyncio.create_task(work(1000))
    other = asyncio.create_task(work(4))
    both = asyncio.gather(victim, other)
    await asyncio.sleep(0)
    loop.call_soon(victim.cancel, "child")
    try:
        await both
    except asyncio.CancelledError as e:
        print(repr(e), both.done(), both.cancelled())
    print(asyncio.current_task().cancelling(), victim.cancelled(), other.done())
    try:
        print(repr(both.exception()))
    except asyncio.CancelledError:
        print("exception() raised")
    print(await other)
    fut = loop.create_future()
    outcomes = asyncio.gather(fut, work(1), return_exceptions=True)
    fut.cancel("slot")
    first, second = await outcomes
    print(repr(first), repr(second), outcomes.cancelled())


asyncio.run(amain())
