# python >= 3.12
# TSK-25, TSK-29: eager_start for a single task (spelled Task(..., eager_start=True) before 3.14):
# this one starts at once, its siblings do not.
import asyncio


async def work(name):
    print("start", name)
    await asyncio.sleep(0)
    print("end", name)
    return name


async def amain():
    loop = asyncio.get_running_loop()
    loop.call_soon(print, "soon")
    lazy = asyncio.create_task(work("lazy"))
    eager = asyncio.Task(work("eager"), loop=loop, eager_start=True)
    print("created", lazy.done(), eager.done())
    print(await eager, await lazy)


asyncio.run(amain())
