# Pins TGP-01 and section 0.1: an empty group costs no iteration, one trivial child costs three; the
# ticks show every missing or extra turn of the loop.
import asyncio


def tick(n, last):
    print("tick", n)
    if n < last:
        asyncio.get_running_loop().call_soon(tick, n + 1, last)


async def trivial(name):
    print("child", name)


async def amain():
    loop = asyncio.get_running_loop()
    loop.call_soon(tick, 1, 8)
    async with asyncio.TaskGroup():
        print("empty body")
    print("empty group done")
    async with asyncio.TaskGroup() as tg:
        tg.create_task(trivial("one"))
    print("one child done")
    async with asyncio.TaskGroup() as tg:
        tg.create_task(trivial("two"))
        tg.create_task(trivial("three"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        print("children are done")
    print("no suspension at exit")


asyncio.run(amain())
