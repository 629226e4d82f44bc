# G-05: a coroutine object does nothing until it is awaited; awaiting runs it inline in the
# caller's task, in the order of the awaits, not of the calls.
import asyncio


async def work(name):
    print("enter", name, asyncio.current_task().get_name())
    await asyncio.sleep(0)
    print("leave", name)
    return name.upper()


async def amain():
    asyncio.current_task().set_name("main")
    first = work("first")
    second = work("second")
    print("both created")
    asyncio.get_running_loop().call_soon(print, "soon")
    await asyncio.sleep(0)
    print("still nothing")
    b = await second
    a = await first
    print(a, b)
    third = work("third")
    task = asyncio.create_task(third, name="task")
    print("task created")
    print(await task)


asyncio.run(amain())
