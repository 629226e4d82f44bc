# TSK-41: wait_for(timeout <= 0): a finished future gives its value, anything else is cancelled and
# awaited and TimeoutError raised; a coroutine never starts.
import asyncio


async def work(name):
    print("must not start", name)
    await asyncio.sleep(0)


async def stubborn(error):
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        print("stubborn sees the cancel")
    await asyncio.sleep(0)
    if error:
        raise ValueError("instead")
    return "in spite of the cancel"


async def amain():
    loop = asyncio.get_running_loop()
    fut = loop.create_future()
    fut.set_result("ready")
    print(await asyncio.wait_for(fut, 0))
    for timeout in (0, -1):
        try:
            await asyncio.wait_for(work(str(timeout)), timeout)
        except asyncio.TimeoutError as e:
            print(repr(e), asyncio.current_task().cancelling())
    pending = loop.create_future()
    try:
        await asyncio.wait_for(pending, 0)
    except asyncio.TimeoutError:
        print("pending cancelled", pending.cancelled())
    for error in (False, True):
        task = asyncio.create_task(stubborn(error))
        await asyncio.sleep(0)
        try:
            print(await asyncio.wait_for(task, 0))
        except ValueError as e:
            print(repr(e))
        print(task.cancelled())


asyncio.run(amain())
