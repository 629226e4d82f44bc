# python >= 3.13
# Pins QUE-07: after shutdown() puts raise at once, gets drain what is left and then raise; blocked
# putters and getters wake and raise, in order.
import asyncio


async def putter(q, item):
    try:
        await q.put(item)
        print("put", item)
    except asyncio.QueueShutDown:
        print("putter refused", item)


async def getter(q, name):
    try:
        print(name, "got", await q.get())
    except asyncio.QueueShutDown:
        print(name, "shut down")


async def amain():
    q = asyncio.Queue(1)
    q.put_nowait("kept")
    putters = [asyncio.create_task(putter(q, i)) for i in range(2)]
    await asyncio.sleep(0)
    q.shutdown()
    print("shutdown", q.qsize(), q.full())
    try:
        q.put_nowait("late")
    except asyncio.QueueShutDown as e:
        print(type(e).__name__)
    await asyncio.gather(*putters)
    await getter(q, "first")
    await getter(q, "second")
    try:
        q.get_nowait()
    except asyncio.QueueShutDown as e:
        print(type(e).__name__)

    empty = asyncio.Queue()
    getters = [asyncio.create_task(getter(empty, name)) for name in "ab"]
    await asyncio.sleep(0)
    empty.shutdown()
    print("nobody ran yet")
    await asyncio.gather(*getters)


asyncio.run(amain())
