# Pins QUE-01, QUE-04: blocked putters go in first come first served, one get admits one, and the
# queue never exceeds its size.
import asyncio


async def putter(q, item):
    await q.put(item)
    print("put", item, q.qsize(), q.full())


async def amain():
    q = asyncio.Queue(2)
    print(q.maxsize, q.full(), q.empty())
    tasks = [asyncio.create_task(putter(q, i)) for i in range(5)]
    await asyncio.sleep(0)
    print("waiting", [t.done() for t in tasks])
    print("got", q.get_nowait(), q.qsize())
    await asyncio.sleep(0)
    print("waiting", [t.done() for t in tasks])
    for _ in range(4):
        print("got", await q.get(), q.qsize())
        await asyncio.sleep(0)
    print(q.empty())


asyncio.run(amain())
