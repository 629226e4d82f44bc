# Pins LCK-10: two conditions over one lock: the lock is common, the waiters are not; it is usable
# through the lock and through either condition.
import asyncio


async def waiter(cond, name):
    async with cond:
        await cond.wait()
        print(name, "woken")


async def amain():
    lock = asyncio.Lock()
    full = asyncio.Condition(lock)
    empty = asyncio.Condition(lock)
    f = asyncio.create_task(waiter(full, "full"))
    e = asyncio.create_task(waiter(empty, "empty"))
    await asyncio.sleep(0)
    async with lock:
        print(full.locked(), empty.locked())
        empty.notify_all()
    await e
    print("full still waits", not f.done())
    await empty.acquire()
    full.notify()
    lock.release()
    await f
    print(lock.locked(), full.locked())


asyncio.run(amain())
