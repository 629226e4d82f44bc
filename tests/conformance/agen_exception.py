# Pins AGN-03: an exception leaves at the next() that ran into it, runs the generator's clean-up
# first, and the generator is exhausted afterwards.
import asyncio


async def failing(where):
    try:
        print("body")
        if where == 0:
            raise ValueError("before the first yield")
        yield 1
        await asyncio.sleep(0)
        if where == 1:
            raise LookupError("after an await")
        yield 2
    finally:
        print("finally")


async def amain():
    for where in (0, 1, 2):
        g = failing(where)
        try:
            async for x in g:
                print("got", x)
            print("complete")
        except (ValueError, LookupError) as e:
            print("raised", repr(e))
        print("afterwards", await anext(g, None))
        await g.aclose()


asyncio.run(amain())
