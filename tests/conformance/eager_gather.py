# python >= 3.12
# TSK-26, TSK-28, TSK-32: gather and TaskGroup over eager tasks: children run while they are being
# created; all finished at once makes gather done without an iteration.
import asyncio


async def work(name, turns):
    print("start", name)
    for _ in range(turns):
        await asyncio.sleep(0)
    print("end", name)
    return name


async def amain():
    loop = asyncio.get_running_loop()
    loop.set_task_factory(asyncio.eager_task_factory)
    loop.call_soon(print, "an iteration passed")
    quick = asyncio.gather(work("a", 0), work("b", 0))
    print("gather", quick.done())
    print(await quick)
    mixed = asyncio.gather(work("c", 1), work("d", 0))
    print("gather", mixed.done())
    print(await mixed)
    async with asyncio.TaskGroup() as tg:
        e = tg.create_task(work("e", 1))
        print("in the body", e.done())
        f = tg.create_task(work("f", 0))
        print("in the body", f.done())
    print(e.result(), f.result())


asyncio.run(amain())
