# TSK-39, TSK-40: FIRST_COMPLETED returns after the first finisher; done holds everything finished
# by the time of resumption, not just the trigger; the others keep running.
import asyncio


async def work(name, turns):
    for _ in range(turns):
        await asyncio.sleep(0)
    print("ends", name)
    return name


def names(tasks, group):
    return [t.get_name() for t in tasks if t in group]


async def amain():
    tasks = [
        asyncio.create_task(work(n, c), name=n)
        for n, c in (("d", 9), ("a", 1), ("b", 2), ("c", 3), ("e", 5))
    ]
    pending = tasks
    while pending:
        done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        print("done", names(tasks, done), "pending", names(tasks, pending))
    finished = asyncio.create_task(work("f", 0), name="f")
    await finished
    more = [asyncio.create_task(work("g", 50), name="g"), finished]
    done, pending = await asyncio.wait(more, return_when=asyncio.FIRST_COMPLETED)
    print(names(more, done), names(more, pending))
    more[0].cancel()


asyncio.run(amain())
