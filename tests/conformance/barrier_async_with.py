# Pins LCK-17, LCK-14: `async with barrier` yields the index; nobody enters the block before the
# last party has come; parties < 1 are refused.
import asyncio


async def party(barrier, name):
    print(name, "arrives")
    async with barrier as index:
        print(name, "inside", index)
        await asyncio.sleep(0)
    print(name, "left")


async def amain():
    try:
        asyncio.Barrier(0)
    except ValueError as e:
        print(type(e).__name__)
    barrier = asyncio.Barrier(3)
    async with asyncio.TaskGroup() as tg:
        for name in "abc":
            tg.create_task(party(barrier, name))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            print("waiting", barrier.n_waiting)


asyncio.run(amain())
