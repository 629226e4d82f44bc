# Pins LCK-03: a waiter that was woken by release() and is cancelled before it runs passes the wake-
# up to the next one; a port that loses it deadlocks here.
import asyncio


async def waiter(lock, name):
    try:
        await lock.acquire()
    except asyncio.CancelledError:
        print(name, "cancelled", lock.locked())
        raise
    print(name, "acquired")
    lock.release()


async def amain():
    lock = asyncio.Lock()
    await lock.acquire()
    a = asyncio.create_task(waiter(lock, "a"))
    b = asyncio.create_task(waiter(lock, "b"))
    c = asyncio.create_task(waiter(lock, "c"))
    await asyncio.sleep(0)
    lock.release()
    print("released, cancel a", a.cancel(), lock.locked())
    await asyncio.sleep(0)
    print("one turn later")
    await asyncio.wait([a, b, c])
    print(a.cancelled(), b.cancelled(), c.cancelled(), lock.locked())


asyncio.run(amain())
