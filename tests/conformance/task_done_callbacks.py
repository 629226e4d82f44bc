# TSK-47, FUT-03: at completion a task schedules its done callbacks and waiters in registration
# order for the next iteration; the code after the last step's batch cannot see them run early.
import asyncio


async def child(loop):
    print("child")
    loop.call_soon(print, "soon from child")
    return 1


async def waiter(task):
    print("waiter", await task)


async def amain():
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(child(loop))
    task.add_done_callback(lambda t: print("cb 1", t.result(), t is task))
    w = asyncio.create_task(waiter(task))
    loop.call_soon(lambda: task.add_done_callback(lambda t: print("cb 2")))
    loop.call_soon(lambda: print("same batch, done", task.done()))
    await asyncio.sleep(0)
    print("main, done", task.done(), w.done())
    await asyncio.sleep(0)
    task.add_done_callback(lambda t: print("cb 3"))
    print("cb 3 added")
    await asyncio.sleep(0)
    print(w.done())


asyncio.run(amain())
