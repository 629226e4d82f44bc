# TSK-35: cancelling the gather cancels every unfinished child, not the gather itself: it ends
# (with CancelledError, cancelled() false) when a child does; a child that refuses runs on.
import asyncio


async def work(name, stubborn):
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError as e:
        print(name, repr(e))
        if not stubborn:
            raise
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print(name, "ends")
    return name


async def quick():
    return "quick"


async def amain():
    q = asyncio.create_task(quick())
    a = asyncio.create_task(work("a", False))
    b = asyncio.create_task(work("b", True))
    both = asyncio.gather(q, a, b)
    await asyncio.sleep(0)
    accepted = both.cancel("stop")
    print(accepted, both.done(), q.cancelled(), q.cancelling(), a.cancelling(), b.cancelling())
    await asyncio.sleep(0)
    print("one iteration later", a.done(), b.done(), both.done())
    try:
        await both
    except asyncio.CancelledError:
        print("CancelledError", both.cancelled())
    print(a.cancelled(), b.done(), b.cancelling())
    print(await b, b.cancelled())
    refused = both.cancel()
    print(refused)


asyncio.run(amain())
