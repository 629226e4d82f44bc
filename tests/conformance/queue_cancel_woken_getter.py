# Pins QUE-03: a getter cancelled after a put woke it passes the wake-up on; the item is neither
# lost nor delivered to the cancelled one.
import asyncio


async def getter(q, name):
    try:
        print(name, "got", await q.get())
    except asyncio.CancelledError:
        print(name, "cancelled", q.qsize())
        raise


async def amain():
    q = asyncio.Queue()
    a = asyncio.create_task(getter(q, "a"))
    b = asyncio.create_task(getter(q, "b"))
    c = asyncio.create_task(getter(q, "c"))
    await asyncio.sleep(0)
    b.cancel()
    q.put_nowait("item")
    print("put, cancel a", a.cancel())
    await asyncio.wait([a, b, c])
    print(a.cancelled(), b.cancelled(), c.cancelled(), q.empty())


asyncio.run(amain())
