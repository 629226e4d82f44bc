# G-05, section 0.1: a deep chain of awaited coroutines that never suspend costs no iteration; one
# suspension at the bottom of the chain costs exactly one, results and errors travel up inline.
import asyncio


async def chain(depth, yields):
    if depth == 0:
        if yields:
            await asyncio.sleep(0)
        return 1
    below = await chain(depth - 1, yields)
    return below + 1


async def failing(depth):
    if depth == 0:
        raise ValueError("bottom")
    below = await failing(depth - 1)
    return below


async def amain():
    loop = asyncio.get_running_loop()
    loop.call_soon(print, "tick 1")
    loop.call_soon(lambda: loop.call_soon(print, "tick 2"))
    print(await chain(300, False))
    print(await chain(200, False))
    try:
        await failing(300)
    except ValueError as e:
        print(repr(e))
    print("no iteration so far")
    print(await chain(300, True))
    await asyncio.sleep(0)
    print("end")


asyncio.run(amain())
