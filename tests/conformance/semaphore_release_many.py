# Pins LCK-12: several releases in one step wake several waiters, in order, in the same turn; one
# release wakes exactly one.
import asyncio


def tick(n, last):
    print("tick", n)
    if n < last:
        asyncio.get_running_loop().call_soon(tick, n + 1, last)


async def waiter(sem, name):
    await sem.acquire()
    print(name, "acquired")


async def amain():
    sem = asyncio.Semaphore(0)
    tasks = [asyncio.create_task(waiter(sem, name)) for name in "abcd"]
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_soon(tick, 1, 6)
    sem.release()
    sem.release()
    sem.release()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print([t.done() for t in tasks], sem.locked())
    sem.release()
    await asyncio.gather(*tasks)
    print("all", sem.locked())


asyncio.run(amain())
