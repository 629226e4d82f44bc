# TSK-13: a task cancelled before its first step never executes its body and ends cancelled one
# iteration later; its arguments are released.
import asyncio
import gc


class Counted:
    released = 0

    def __del__(self):
        Counted.released += 1


async def worker(argument):
    print("must not run")
    await asyncio.sleep(0)


async def cancel_early():
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(worker(Counted()))
    task.add_done_callback(lambda t: print("callback", t.cancelled()))
    accepted = task.cancel("early")
    print(accepted, task.cancelled(), task.done())
    loop.call_soon(lambda: print("next batch", task.cancelled()))
    try:
        await task
    except asyncio.CancelledError as e:
        print(repr(e), task.cancelled())


async def amain():
    loop = asyncio.get_running_loop()
    await asyncio.create_task(cancel_early())
    gc.collect()
    print("arguments released", Counted.released)
    tasks = []
    loop.call_soon(lambda: tasks[1].cancel())
    tasks.append(asyncio.create_task(worker(None)))
    tasks.append(asyncio.create_task(worker(None)))
    first, second = tasks
    first.cancel()
    await asyncio.sleep(0)
    print(first.cancelled(), second.cancelled())
    await asyncio.sleep(0)
    print(second.cancelled())


asyncio.run(amain())
