# TSK-40, TSK-39: cancelling the waiter leaves the children running and removes its callbacks;
# empty input is ValueError "Set of Tasks/Futures is empty.".
import asyncio


async def work(name):
    for _ in range(4):
        await asyncio.sleep(0)
    print("ends", name)
    return name


async def waiter(tasks):
    try:
        await asyncio.wait(tasks)
    except asyncio.CancelledError as e:
        print("waiter", repr(e))
        raise


async def amain():
    tasks = [asyncio.create_task(work("a")), asyncio.create_task(work("b"))]
    w = asyncio.create_task(waiter(tasks))
    await asyncio.sleep(0)
    w.cancel("stop waiting")
    await asyncio.sleep(0)
    print(w.cancelled(), [t.cancelling() for t in tasks], [t.done() for t in tasks])
    done, pending = await asyncio.wait(tasks)
    print(len(done), len(pending))
    none = []
    try:
        await asyncio.wait(none)
    except ValueError as e:
        print("ValueError", e)


asyncio.run(amain())
