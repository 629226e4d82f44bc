# TSK-08, TSK-44: current_task() is set only while a step runs: each task sees itself after every
# suspension, callbacks see none, awaited coroutines see their caller's task.
import asyncio


def current():
    task = asyncio.current_task()
    return task.get_name() if task else None


async def inner(where):
    print("inner of", where, current())
    await asyncio.sleep(0)
    print("inner of", where, current())


async def child(name):
    print(name, current())
    await inner(name)
    await asyncio.sleep(0)
    print(name, current())


async def amain():
    loop = asyncio.get_running_loop()
    asyncio.current_task().set_name("main")
    a = asyncio.create_task(child("a"), name="a")
    b = asyncio.create_task(child("b"), name="b")
    loop.call_soon(lambda: print("callback", current()))
    a.add_done_callback(lambda f: print("done callback", current()))
    print(current(), asyncio.current_task() is a)
    await inner("main")
    await a
    await b
    print(current())


asyncio.run(amain())
