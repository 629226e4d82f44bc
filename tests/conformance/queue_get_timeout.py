# Pins QUE-03, TMO-04: an item put in the very turn in which the getter's timeout has fired stays in
# the queue; it is not lost with the cancelled get.
import asyncio


async def getter(q):
    try:
        async with asyncio.timeout(0):
            print("got", await q.get())
    except TimeoutError:
        print("timed out", q.qsize())


async def amain():
    q = asyncio.Queue()
    task = asyncio.create_task(getter(q))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    q.put_nowait("item")
    await task
    print("still there", q.get_nowait())

    task = asyncio.create_task(getter(q))
    await asyncio.sleep(0)
    q.put_nowait("item")
    await task
    print("left", q.qsize())


asyncio.run(amain())
