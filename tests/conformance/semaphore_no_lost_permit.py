# Pins LCK-11, LCK-12: a queue of waiters of which every second is cancelled at a different moment
# (queued, just woken, both); afterwards exactly the initial permits are there.
import asyncio

log = []


async def worker(sem, name):
    async with sem:
        log.append(name)
        await asyncio.sleep(0)


async def amain():
    sem = asyncio.Semaphore(2)
    tasks = [asyncio.create_task(worker(sem, i)) for i in range(12)]
    for i in range(1, 12, 2):
        await asyncio.sleep(0)
        print("cancel", i, tasks[i].cancel(), log)
    await asyncio.wait(tasks)
    print([t.cancelled() for t in tasks])
    print(log)
    free = 0
    while not sem.locked():
        await sem.acquire()
        free += 1
    print("permits", free)


asyncio.run(amain())
