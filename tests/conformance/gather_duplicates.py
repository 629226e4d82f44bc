# python >= 3.12
# TSK-32: a future or task passed twice runs once and fills both slots; gather of nothing is a
# finished future with an empty list; gather of finished futures is finished at once (3.12).
import asyncio


async def work(name):
    print("runs", name)
    await asyncio.sleep(0)
    return name


async def amain():
    loop = asyncio.get_running_loop()
    a = asyncio.create_task(work("a"))
    b = asyncio.create_task(work("b"))
    print(await asyncio.gather(a, b, a, a))
    fut = loop.create_future()
    loop.call_soon(fut.set_result, 1)
    print(await asyncio.gather(fut, fut))
    loop.call_soon(print, "an iteration passed")
    nothing = []
    empty = asyncio.gather(*nothing)
    print(await empty, empty.done())
    await asyncio.sleep(0)
    done = asyncio.gather(a, a)
    print("all children done, gather done:", done.done())
    print(await done)


asyncio.run(amain())
