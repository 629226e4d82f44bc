# Pins AGN-03, G-05: generators over generators: items are pulled one at a time through the whole
# chain, and closing the outermost does not run ahead.
import asyncio


async def source(count):
    for i in range(count):
        print("source", i)
        await asyncio.sleep(0)
        yield i


async def evens(items):
    async for i in items:
        if i % 2 == 0:
            print("even", i)
            yield i


async def squares(items):
    async for i in items:
        yield i * i


async def amain():
    total = 0
    async for x in squares(evens(source(6))):
        print("got", x)
        total += x
    print("total", total)
    g = squares(evens(source(100)))
    print("one", await anext(g))
    await g.aclose()
    print("closed", await anext(g, None))


asyncio.run(amain())
