# Pins LIF-11, AGN-03: a generator whose last reference goes away is closed by its loop, soon and in
# a task of its own, so its clean-up may await.
import asyncio


async def numbers():
    try:
        for i in range(10):
            yield i
    finally:
        print("clean-up")
        await asyncio.sleep(0)
        print("cleaned up")


async def take_one():
    async for x in numbers():
        print("got", x)
        return x


async def amain():
    print("result", await take_one())
    print("nothing cleaned up yet")
    for i in range(5):
        await asyncio.sleep(0)
        print("turn", i)


asyncio.run(amain())
