# Pins LCK-12: a waiter woken by release() and cancelled before it runs gives the permit back and
# wakes the next one (no permit is ever lost).
import asyncio


async def waiter(sem, name):
    try:
        await sem.acquire()
        print(name, "acquired")
    except asyncio.CancelledError:
        print(name, "cancelled", sem.locked())
        raise


async def amain():
    sem = asyncio.Semaphore(0)
    a = asyncio.create_task(waiter(sem, "a"))
    b = asyncio.create_task(waiter(sem, "b"))
    await asyncio.sleep(0)
    sem.release()
    print("released, locked", sem.locked())
    a.cancel()
    await asyncio.wait([a, b])
    print(a.cancelled(), b.cancelled(), sem.locked())
    sem.release()
    print(sem.locked(), await sem.acquire(), sem.locked())


asyncio.run(amain())
