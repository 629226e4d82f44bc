# TSK-07, TSK-47: several tasks await one task: all get its result (or the same error) in the order
# in which they began to wait, one iteration after it finished.
import asyncio


async def target(fail):
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("target ends")
    if fail:
        raise ValueError("shared")
    return 10


async def waiter(name, task):
    try:
        print(name, await task)
    except ValueError as e:
        print(name, repr(e))


async def amain():
    loop = asyncio.get_running_loop()
    for fail in (False, True):
        task = asyncio.create_task(target(fail))
        waiters = [asyncio.create_task(waiter(n, task)) for n in ("a", "b", "c")]
        task.add_done_callback(lambda f: loop.call_soon(print, "after the waiters"))
        await waiters[2]
        late = asyncio.create_task(waiter("late", task))
        await late
        print([w.done() for w in waiters])


asyncio.run(amain())
