# Pins AGN-01, AGN-03 (contextlib.aclosing): leaving the block closes the generator at once, awaits
# of its clean-up included, on a normal end, an early exit and an error; not some time later.
import asyncio
from contextlib import aclosing


async def numbers(name):
    try:
        for i in range(5):
            yield i
    finally:
        await asyncio.sleep(0)
        print(name, "closed")


async def first_above(name, limit):
    async with aclosing(numbers(name)) as g:
        async for x in g:
            if x > limit:
                print(name, "found", x)
                return x
    print(name, "not found")
    return None


async def failing(name):
    async with aclosing(numbers(name)) as g:
        async for x in g:
            print(name, "got", x)
            raise ValueError(name)


async def amain():
    print("result", await first_above("a", 2))
    print("result", await first_above("b", 9))
    try:
        await failing("c")
    except ValueError as e:
        print("raised", repr(e))


asyncio.run(amain())
