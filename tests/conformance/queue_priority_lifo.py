# Pins QUE-09, QUE-01: smallest first and last first; blocked getters of both are still served in
# the order they came.
import asyncio


async def getter(q, name):
    print(name, "got", await q.get())


async def amain():
    heap = asyncio.PriorityQueue()
    stack = asyncio.LifoQueue()
    for item in (5, 1, 4, 1, 3):
        heap.put_nowait(item)
        stack.put_nowait(item)
    print([await heap.get() for _ in range(5)])
    print([await stack.get() for _ in range(5)])
    for q in (heap, stack):
        tasks = [asyncio.create_task(getter(q, name)) for name in "abc"]
        await asyncio.sleep(0)
        for item in (30, 10, 20):
            q.put_nowait(item)
        await asyncio.gather(*tasks)
    full = asyncio.PriorityQueue(1)
    full.put_nowait(2)
    putter = asyncio.create_task(full.put(1))
    await asyncio.sleep(0)
    print(full.full(), await full.get(), putter.done())
    await putter
    print(full.get_nowait())


asyncio.run(amain())
