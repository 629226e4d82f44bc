# TSK-39: wait returns when all are done, never raises the children's exceptions and never cancels;
# done is everything, pending is empty; finished inputs cost no iteration.
import asyncio


async def work(name, turns):
    for _ in range(turns):
        await asyncio.sleep(0)
    print("ends", name)
    if name == "bad":
        raise ValueError(name)
    return name


def names(tasks, group):
    return [t.get_name() for t in tasks if t in group]


async def amain():
    loop = asyncio.get_running_loop()
    tasks = [asyncio.create_task(work(n, c), name=n) for n, c in (("a", 3), ("bad", 1), ("c", 2))]
    tasks[2].cancel()
    done, pending = await asyncio.wait(tasks)
    print(names(tasks, done), names(tasks, pending), len(done), len(pending))
    print(tasks[0].result(), repr(tasks[1].exception()), tasks[2].cancelled())
    loop.call_soon(print, "an iteration passed")
    done, pending = await asyncio.wait(tasks)
    print("again", len(done), len(pending))
    await asyncio.sleep(0)
    done, pending = await asyncio.wait([tasks[0], tasks[0], tasks[1]])
    print("duplicates", len(done), len(pending))


asyncio.run(amain())
