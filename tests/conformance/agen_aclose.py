# Pins AGN-03, AGN-05: aclose throws GeneratorExit at the yield, so clean-up with awaits runs to its
# end before aclose returns; afterwards the generator is exhausted; unstarted ones run nothing.
import asyncio


async def numbers(name):
    print(name, "started")
    try:
        i = 0
        while True:
            yield i
            i += 1
    finally:
        print(name, "clean-up")
        await asyncio.sleep(0)
        print(name, "cleaned up")


async def amain():
    g = numbers("a")
    print(await anext(g), await anext(g))
    await g.aclose()
    print("closed", await anext(g, None))
    await g.aclose()
    print("closed twice")

    unstarted = numbers("b")
    await unstarted.aclose()
    print("unstarted", await anext(unstarted, None))

    async for x in (g := numbers("c")):
        if x == 2:
            break
    print("left the loop")
    await g.aclose()
    print("end")


asyncio.run(amain())
