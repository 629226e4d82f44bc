# Pins QUE-02: a woken getter finds its item taken by somebody else: it waits again, behind the
# getters that came meanwhile; nothing is handed over directly.
import asyncio


async def getter(q, name):
    print(name, "got", await q.get())


async def amain():
    q = asyncio.Queue()
    a = asyncio.create_task(getter(q, "a"))
    await asyncio.sleep(0)
    b = asyncio.create_task(getter(q, "b"))
    q.put_nowait("first")
    print("stolen", await q.get(), q.qsize())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print(a.done(), b.done())
    q.put_nowait("second")
    await asyncio.sleep(0)
    q.put_nowait("third")
    await asyncio.gather(a, b)
    print(q.empty())


asyncio.run(amain())
