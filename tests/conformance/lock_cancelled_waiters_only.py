# Pins LCK-01: when every queued waiter is cancelled a newcomer takes the free lock at once, without
# a turn of the loop; queued cancelled waiters count as none.
import asyncio


async def waiter(lock, name):
    try:
        await lock.acquire()
        print(name, "not reached")
    except asyncio.CancelledError:
        print(name, "cancelled, locked:", lock.locked())


async def amain():
    lock = asyncio.Lock()
    await lock.acquire()
    a = asyncio.create_task(waiter(lock, "a"))
    b = asyncio.create_task(waiter(lock, "b"))
    await asyncio.sleep(0)
    a.cancel()
    b.cancel()
    lock.release()
    print("free", lock.locked())
    await lock.acquire()
    print("newcomer has it", lock.locked())
    await asyncio.gather(a, b)
    lock.release()
    print("free", lock.locked())


asyncio.run(amain())
