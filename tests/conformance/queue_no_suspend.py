# Pins QUE-04, QUE-05: put with room and get with items never give up the turn; the nowait forms
# raise QueueFull and QueueEmpty instead of waiting.
import asyncio


def tick(n, last):
    print("tick", n)
    if n < last:
        asyncio.get_running_loop().call_soon(tick, n + 1, last)


async def amain():
    q = asyncio.Queue(2)
    asyncio.get_running_loop().call_soon(tick, 1, 2)
    await q.put("a")
    await q.put("b")
    try:
        q.put_nowait("c")
    except asyncio.QueueFull as e:
        print(type(e).__name__, q.full())
    print(await q.get(), await q.get())
    try:
        q.get_nowait()
    except asyncio.QueueEmpty as e:
        print(type(e).__name__, q.empty())
    print("no tick so far")
    await asyncio.sleep(0)
    print("one turn")
    unbounded = asyncio.Queue(-1)
    for i in range(100):
        unbounded.put_nowait(i)
    print(unbounded.full(), unbounded.qsize())


asyncio.run(amain())
