# Pins LCK-11, LCK-12: a permit given back is reserved for the first waiter when it is woken, so
# locked() is True meanwhile and a newcomer queues instead of overtaking.
import asyncio


async def worker(sem, name, rounds):
    for i in range(rounds):
        await sem.acquire()
        print(name, "in", i)
        await asyncio.sleep(0)
        sem.release()
        print(name, "out", i, sem.locked())


async def amain():
    sem = asyncio.Semaphore(2)
    print(sem.locked())
    await asyncio.gather(worker(sem, "a", 2), worker(sem, "b", 2), worker(sem, "c", 2),
                         worker(sem, "d", 1))
    print(sem.locked())


asyncio.run(amain())
