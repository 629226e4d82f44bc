# Pins QUE-03: a putter cancelled after a get made room passes the room on to the next putter, and
# its own item never appears.
import asyncio


async def putter(q, item):
    try:
        await q.put(item)
        print("put", item)
    except asyncio.CancelledError:
        print("cancelled", item, q.full())
        raise


async def amain():
    q = asyncio.Queue(1)
    q.put_nowait("x")
    a = asyncio.create_task(putter(q, "a"))
    b = asyncio.create_task(putter(q, "b"))
    await asyncio.sleep(0)
    print("got", q.get_nowait(), "cancel a", a.cancel())
    await asyncio.wait([a, b])
    print(a.cancelled(), b.cancelled())
    print("got", await q.get(), q.empty())


asyncio.run(amain())
