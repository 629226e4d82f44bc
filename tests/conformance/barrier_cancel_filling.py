# Pins LCK-16: a party cancelled while the barrier fills just leaves; the barrier is not broken
# (unlike threading.Barrier) and its place is taken by the next one.
import asyncio


async def party(barrier, name):
    try:
        print(name, "index", await barrier.wait())
    except asyncio.CancelledError:
        print(name, "cancelled")
        raise


async def amain():
    barrier = asyncio.Barrier(2)
    a = asyncio.create_task(party(barrier, "a"))
    await asyncio.sleep(0)
    print(barrier.n_waiting)
    a.cancel()
    await asyncio.wait([a])
    print(barrier.n_waiting, barrier.broken)
    b = asyncio.create_task(party(barrier, "b"))
    await asyncio.sleep(0)
    print("b waits", not b.done(), barrier.n_waiting)
    await asyncio.gather(b, party(barrier, "c"))
    print(barrier.n_waiting, barrier.broken)


asyncio.run(amain())
