# Pins TGP-01, TGP-12: leaving the block waits for all children, also those spawned while it already
# waits; a port that joins a snapshot of the children, or starts them eagerly, prints another order.
import asyncio


async def child(tg, name, depth):
    print("start", name, depth)
    await asyncio.sleep(0)
    if depth > 0:
        tg.create_task(child(tg, name, depth - 1))
        print("spawned", name, depth)
    await asyncio.sleep(0)
    print("end", name, depth)


async def amain():
    async with asyncio.TaskGroup() as tg:
        tg.create_task(child(tg, "a", 2))
        tg.create_task(child(tg, "b", 0))
        print("body done")
    print("group done")


asyncio.run(amain())
