# TSK-31, DESIGN section 2: ensure_future passes futures and tasks through unchanged (no new task,
# no iteration) and wraps a coroutine in a task that starts in the next iteration.
import asyncio


async def work(name):
    print("work", name)
    return name


async def amain():
    loop = asyncio.get_running_loop()
    fut = loop.create_future()
    same = asyncio.ensure_future(fut)
    print(same is fut)
    task = asyncio.create_task(work("a"))
    print(asyncio.ensure_future(task) is task)
    wrapped = asyncio.ensure_future(work("b"))
    print("wrapped", wrapped.done())
    loop.call_soon(print, "soon")
    same.set_result("through")
    print(fut.result())
    print(await wrapped, await task)
    done = asyncio.ensure_future(fut)
    loop.call_soon(print, "an iteration passed")
    print(await done)
    await asyncio.sleep(0)


asyncio.run(amain())
