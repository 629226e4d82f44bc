# Pins LCK-03, LCK-18: a waiter cancelled while queued is taken out and wakes nobody while the lock
# is held; the others keep their order.
import asyncio


async def waiter(lock, name):
    async with lock:
        print(name, "in")
        await asyncio.sleep(0)
    print(name, "out")


async def amain():
    lock = asyncio.Lock()
    await lock.acquire()
    tasks = [asyncio.create_task(waiter(lock, name)) for name in "abcd"]
    await asyncio.sleep(0)
    tasks[0].cancel()
    tasks[2].cancel()
    for _ in range(4):
        await asyncio.sleep(0)
    print([t.done() for t in tasks], lock.locked())
    lock.release()
    await asyncio.gather(*tasks, return_exceptions=True)
    print([t.cancelled() for t in tasks], lock.locked())


asyncio.run(amain())
