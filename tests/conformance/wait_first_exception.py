# TSK-40: FIRST_EXCEPTION returns on the first failure, a cancelled child does not count as one;
# without a failure it waits for all.
import asyncio


async def work(name, turns, fail):
    for _ in range(turns):
        await asyncio.sleep(0)
    print("ends", name)
    if fail:
        raise ValueError(name)


def names(tasks, group):
    return [t.get_name() for t in tasks if t in group]


async def amain():
    for fail in (True, False):
        tasks = [
            asyncio.create_task(work(n, c, f), name=n)
            for n, c, f in (("a", 1, False), ("b", 30, False), ("bad", 6, fail), ("d", 8, False))
        ]
        await asyncio.sleep(0)
        tasks[1].cancel()
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        print("done", names(tasks, done), "pending", names(tasks, pending))
        print("cancelled", [t.cancelled() for t in tasks])
        if pending:
            done, pending = await asyncio.wait(pending)
            print("rest", names(tasks, done))
        if fail:
            print(repr(tasks[2].exception()))


asyncio.run(amain())
