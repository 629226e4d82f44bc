# Pins G-12, LCK-04: a lock binds to the loop of its first blocking acquire, not where it was made;
# blocking on another loop raises, a free acquire there still works.
import asyncio

lock = asyncio.Lock()


async def contend():
    task = asyncio.create_task(lock.acquire())
    await asyncio.sleep(0)
    lock.release()
    await task
    lock.release()
    print("bound by contention", lock.locked())


async def first():
    await lock.acquire()
    print("uncontended", lock.locked())
    lock.release()


async def second():
    await lock.acquire()
    await contend()


async def third():
    await lock.acquire()
    print("free lock, other loop", lock.locked())
    try:
        await lock.acquire()
    except RuntimeError as e:
        print("is bound to a different event loop" in str(e))
    lock.release()


asyncio.run(first())
asyncio.run(second())
asyncio.run(third())
