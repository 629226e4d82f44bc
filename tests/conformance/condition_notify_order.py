# Pins LCK-09: notify(n) wakes the first n waiters, in order; they go on only after the notifier has
# released the lock, one at a time.
import asyncio


async def waiter(cond, name):
    async with cond:
        print(name, "waits")
        result = await cond.wait()
        print(name, "woken", result, cond.locked())
        await asyncio.sleep(0)
        print(name, "leaves")


async def amain():
    cond = asyncio.Condition()
    tasks = [asyncio.create_task(waiter(cond, name)) for name in "abcd"]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    async with cond:
        cond.notify(2)
        print("notified two")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        print("still holding the lock")
    for _ in range(8):
        await asyncio.sleep(0)
    print([t.done() for t in tasks])
    async with cond:
        cond.notify_all()
        print("notified all")
    await asyncio.gather(*tasks)
    async with cond:
        cond.notify_all()
    print("end", cond.locked())


asyncio.run(amain())
