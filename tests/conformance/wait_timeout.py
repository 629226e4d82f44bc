# TSK-39: on timeout wait returns the unfinished in pending; it neither raises TimeoutError nor
# cancels them; timeout=0 still lets one generation of work through.
import asyncio


async def work(fut):
    return await fut


def names(tasks, group):
    return [t.get_name() for t in tasks if t in group]


async def amain():
    loop = asyncio.get_running_loop()
    futs = [loop.create_future() for _ in range(3)]
    tasks = [asyncio.create_task(work(f), name="t" + str(i)) for i, f in enumerate(futs)]
    futs[1].set_result("one")
    done, pending = await asyncio.wait(tasks, timeout=0.01)
    print(names(tasks, done), names(tasks, pending), [t.cancelling() for t in tasks])
    done, pending = await asyncio.wait(pending, timeout=0)
    print(names(tasks, done), names(tasks, pending))
    futs[0].set_result("zero")
    futs[2].set_result("two")
    done, pending = await asyncio.wait(pending, timeout=1000)
    print(names(tasks, done), names(tasks, pending))
    print([t.result() for t in tasks])
    done, pending = await asyncio.wait(tasks, timeout=0)
    print(names(tasks, done), names(tasks, pending))


asyncio.run(amain())
