# Pins LCK-01, LCK-02: release() does not hand the lock over (locked() is False until the waiter
# runs), yet an owner that re-acquires in the same step queues behind everybody; LIFO or barging
# ports differ.
import asyncio


async def worker(lock, name, rounds):
    for i in range(rounds):
        await lock.acquire()
        print(name, "holds", i)
        await asyncio.sleep(0)
        lock.release()
        print(name, "released", i, lock.locked())
    print(name, "done")


async def amain():
    lock = asyncio.Lock()
    await asyncio.gather(worker(lock, "a", 3), worker(lock, "b", 2), worker(lock, "c", 1))
    print(lock.locked())


asyncio.run(amain())
