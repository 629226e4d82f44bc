# TSK-01, TSK-02: creating a task only queues its first step: nothing runs synchronously, first
# steps run in creation order, FIFO with call_soon.
import asyncio


async def child(name):
    print("start", name)
    await asyncio.sleep(0)
    print("end", name)


async def amain():
    loop = asyncio.get_running_loop()
    loop.call_soon(print, "soon 1")
    a = asyncio.create_task(child("a"))
    loop.call_soon(print, "soon 2")
    b = asyncio.create_task(child("b"))
    loop.call_soon(print, "soon 3")
    print("created", a.done(), b.done())
    await asyncio.sleep(0)
    print("main, after the first steps")
    c = asyncio.create_task(child("c"))
    await c
    print("c awaited", a.done(), b.done())


asyncio.run(amain())
