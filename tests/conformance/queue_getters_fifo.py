# Pins QUE-01, QUE-02: waiting getters are served first come first served, one put wakes one; the
# put itself runs nobody, and the item is still counted until the getter runs.
import asyncio


async def getter(q, name):
    print(name, "got", await q.get())


async def amain():
    q = asyncio.Queue()
    tasks = [asyncio.create_task(getter(q, name)) for name in "abc"]
    await asyncio.sleep(0)
    q.put_nowait(1)
    q.put_nowait(2)
    print("put two", q.qsize())
    await asyncio.sleep(0)
    print("a turn later", q.qsize(), [t.done() for t in tasks])
    await q.put(3)
    print("put does not switch", q.qsize())
    await asyncio.gather(*tasks)
    print(q.qsize(), q.empty())


asyncio.run(amain())
