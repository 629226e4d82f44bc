# Pins AGN-03, G-05: a generator is lazy and runs inside the consumer's step: next() that does not
# suspend costs no turn of the loop; an await inside it suspends the consumer.
import asyncio


def tick(n, last):
    print("tick", n)
    if n < last:
        asyncio.get_running_loop().call_soon(tick, n + 1, last)


async def numbers(count):
    print("started")
    for i in range(count):
        if i == 2:
            await asyncio.sleep(0)
            print("slept")
        print("yield", i)
        yield i
        print("after", i)
    print("exhausted")


async def amain():
    g = numbers(4)
    print("created")
    asyncio.get_running_loop().call_soon(tick, 1, 3)
    async for x in g:
        print("got", x)
        if x == 3:
            await asyncio.sleep(0)
    print("end", await anext(g, None))


asyncio.run(amain())
