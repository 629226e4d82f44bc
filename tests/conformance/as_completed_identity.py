# python >= 3.13
# TSK-45: asynchronous iteration yields the original task objects, finished (also the cancelled and
# the failed ones, without raising), in completion order.
import asyncio


async def work(name, turns):
    for _ in range(turns):
        await asyncio.sleep(0)
    if name == "bad":
        raise ValueError(name)
    return name


async def amain():
    tasks = [
        asyncio.create_task(work(n, c), name=n)
        for n, c in (("slow", 7), ("bad", 3), ("victim", 1000), ("quick", 0))
    ]
    await asyncio.sleep(0)
    tasks[2].cancel()
    async for earliest in asyncio.as_completed(tasks):
        index = tasks.index(earliest)
        print(index, tasks[index].get_name(), earliest.done(), earliest.cancelled())
        try:
            print(await earliest)
        except ValueError as e:
            print(repr(e))
        except asyncio.CancelledError:
            print("CancelledError")


asyncio.run(amain())
