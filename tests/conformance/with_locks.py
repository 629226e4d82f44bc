# Pins AGN-02, LCK-01, LCK-10: the scope of a Lock, Semaphore or Condition releases on every way
# out, also through an exception or a cancelled wait, without a turn of the loop.
import asyncio


async def holder(lock, name):
    async with lock:
        print(name, "in")
        await asyncio.sleep(0)
        raise ValueError(name)


async def fail_twice(primitive):
    results = await asyncio.gather(holder(primitive, "a"), holder(primitive, "b"),
                                   return_exceptions=True)
    print([repr(r) for r in results], primitive.locked())


async def amain():
    lock = asyncio.Lock()
    sem = asyncio.Semaphore(1)
    cond = asyncio.Condition()
    await fail_twice(lock)
    await fail_twice(sem)
    await fail_twice(cond)
    async with lock:
        task = asyncio.create_task(holder(lock, "waits"))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        print("cancelled waiter", task.cancelled(), lock.locked())
    print(lock.locked())


asyncio.run(amain())
