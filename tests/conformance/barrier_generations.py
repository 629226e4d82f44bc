# Pins LCK-14, LCK-17: each generation hands out the indices 0..n-1 once, in arrival order;
# n_waiting counts only while filling; whoever comes while the old generation drains joins the next
# one.
import asyncio


async def party(barrier, name, rounds):
    for i in range(rounds):
        index = await barrier.wait()
        print(name, "round", i, "index", index, "waiting", barrier.n_waiting)


async def amain():
    barrier = asyncio.Barrier(3)
    print(barrier.parties, barrier.n_waiting, barrier.broken)
    tasks = [asyncio.create_task(party(barrier, name, 2)) for name in "abc"]
    await asyncio.sleep(0)
    print("all arrived", barrier.n_waiting)
    await asyncio.gather(*tasks)
    one = asyncio.create_task(party(barrier, "x", 1))
    await asyncio.sleep(0)
    print("filling", barrier.n_waiting)
    await asyncio.gather(party(barrier, "y", 1), party(barrier, "z", 1), one)
    print(barrier.n_waiting, barrier.broken)


asyncio.run(amain())
