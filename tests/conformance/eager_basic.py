# python >= 3.12
# TSK-25, TSK-26: an eager task starts inside create_task; one that never suspends is finished when
# create_task returns, costs no iteration, and its late callbacks still go through call_soon.
import asyncio


async def work(name, turns):
    print("start", name)
    for i in range(turns):
        await asyncio.sleep(0)
        print(name, i)
    return name


async def amain():
    loop = asyncio.get_running_loop()
    loop.set_task_factory(asyncio.eager_task_factory)
    loop.call_soon(print, "first iteration")
    quick = asyncio.create_task(work("quick", 0))
    print("created", quick.done())
    quick.add_done_callback(lambda t: print("callback", t.result()))
    print("callback added")
    print(await quick)
    slow = asyncio.create_task(work("slow", 2))
    other = asyncio.create_task(work("other", 1))
    print("both suspended", slow.done(), other.done())
    print(await slow)
    print(other.done(), other.result())
    loop.set_task_factory(None)
    lazy = asyncio.create_task(work("lazy", 0))
    print("lazy", lazy.done())
    await lazy


asyncio.run(amain())
