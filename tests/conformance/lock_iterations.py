# Pins LCK-02, LCK-04 and section 0.1: an uncontended acquire never suspends, a contended one
# resumes two iterations after release; the ticks count them.
import asyncio


def tick(n, last):
    print("tick", n)
    if n < last:
        asyncio.get_running_loop().call_soon(tick, n + 1, last)


async def waiter(lock):
    await lock.acquire()
    print("waiter acquired")
    lock.release()


async def amain():
    lock = asyncio.Lock()
    try:
        lock.release()
    except RuntimeError as e:
        print(repr(e))
    asyncio.get_running_loop().call_soon(tick, 1, 6)
    await lock.acquire()
    print("acquired without a turn")
    task = asyncio.create_task(waiter(lock))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_soon(lock.release)
    await task
    print("task awaited", lock.locked())


asyncio.run(amain())
