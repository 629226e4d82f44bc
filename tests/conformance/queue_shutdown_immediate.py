# python >= 3.13
# Pins QUE-08: shutdown(immediate=True) drops the items and counts them as done: join wakes only
# when the items already taken are done too; repeating it is allowed.
import asyncio


async def joiner(q):
    await q.join()
    print("joined")


async def amain():
    q = asyncio.Queue()
    for i in range(3):
        q.put_nowait(i)
    print("took", await q.get())
    task = asyncio.create_task(joiner(q))
    await asyncio.sleep(0)
    q.shutdown(immediate=True)
    print("shutdown", q.qsize())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("one item is still being worked on", task.done())
    q.shutdown()
    q.shutdown(immediate=True)
    q.task_done()
    await task
    try:
        await q.get()
    except asyncio.QueueShutDown as e:
        print(type(e).__name__)
    try:
        q.task_done()
    except ValueError as e:
        print(repr(e))

    other = asyncio.Queue()
    other.put_nowait("dropped")
    task = asyncio.create_task(joiner(other))
    await asyncio.sleep(0)
    other.shutdown(immediate=True)
    await task
    print(other.empty())


asyncio.run(amain())
