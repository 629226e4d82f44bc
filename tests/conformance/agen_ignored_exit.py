# Pins AGN-03: a generator that yields again while it is being closed makes aclose raise
# RuntimeError; one that replaces the exit with its own error raises that; one that swallows it
# closes normally.
import asyncio


async def stubborn(kind):
    try:
        yield "value"
    except GeneratorExit:
        print("exit seen by", kind)
        if kind == "raises":
            raise ValueError("instead")
    if kind == "yields":
        yield "again"


async def amain():
    for kind in ("yields", "raises", "swallows"):
        g = stubborn(kind)
        print(await anext(g))
        try:
            await g.aclose()
            print("closed")
        except RuntimeError as e:
            print(repr(e))
        except ValueError as e:
            print(repr(e))


asyncio.run(amain())
