# Pins LCK-15: abort() fails present and future waiters until reset() repairs the barrier.
import asyncio


async def party(barrier, name):
    try:
        print(name, await barrier.wait())
    except asyncio.BrokenBarrierError as e:
        print(name, type(e).__name__, isinstance(e, RuntimeError))


async def amain():
    barrier = asyncio.Barrier(3)
    a = asyncio.create_task(party(barrier, "a"))
    b = asyncio.create_task(party(barrier, "b"))
    await asyncio.sleep(0)
    await barrier.abort()
    print("aborted", barrier.broken, barrier.n_waiting)
    await asyncio.gather(a, b)
    await party(barrier, "late")
    await barrier.reset()
    print("repaired", barrier.broken)
    await asyncio.gather(party(barrier, "x"), party(barrier, "y"), party(barrier, "z"))


asyncio.run(amain())
