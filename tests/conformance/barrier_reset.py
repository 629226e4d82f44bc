# Pins LCK-15: reset() breaks the present generation only: its waiters get BrokenBarrierError, later
# ones fill a fresh one; resetting an idle barrier does nothing.
import asyncio


async def party(barrier, name):
    try:
        print(name, await barrier.wait())
    except asyncio.BrokenBarrierError:
        print(name, "broken", barrier.broken)


async def amain():
    barrier = asyncio.Barrier(2)
    await barrier.reset()
    print("idle reset", barrier.broken)
    a = asyncio.create_task(party(barrier, "a"))
    await asyncio.sleep(0)
    print(barrier.n_waiting)
    await barrier.reset()
    print("reset", barrier.n_waiting, barrier.broken)
    await asyncio.gather(a, party(barrier, "b"), party(barrier, "c"))
    print(barrier.n_waiting, barrier.broken)


asyncio.run(amain())
