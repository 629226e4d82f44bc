# Pins QUE-06: join waits until task_done was called for every item, items taken but unfinished
# count; on an untouched queue it returns without a turn of the loop.
import asyncio


async def worker(q):
    while True:
        item = await q.get()
        await asyncio.sleep(0)
        print("worked on", item)
        q.task_done()


async def amain():
    q = asyncio.Queue()
    try:
        q.task_done()
    except ValueError as e:
        print(repr(e))
    marker = []
    asyncio.get_running_loop().call_soon(marker.append, "turn")
    await q.join()
    print("nothing to wait for", marker)
    for i in range(4):
        q.put_nowait(i)
    workers = [asyncio.create_task(worker(q)) for _ in range(2)]
    await q.join()
    print("joined", q.empty())
    for w in workers:
        w.cancel()
    results = await asyncio.gather(*workers, return_exceptions=True)
    print([isinstance(r, asyncio.CancelledError) for r in results])
    try:
        q.task_done()
    except ValueError as e:
        print(repr(e))


asyncio.run(amain())
