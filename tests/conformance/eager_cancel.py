# python >= 3.12
# TSK-13, TSK-26: an eager task that is suspended is cancelled like any other; one that is finished
# refuses; a cancelled one cannot have skipped its start.
import asyncio


async def work(name):
    print("start", name)
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError as e:
        print(name, repr(e))
        raise


async def quick():
    return "quick"


async def amain():
    loop = asyncio.get_running_loop()
    loop.set_task_factory(asyncio.eager_task_factory)
    task = asyncio.create_task(work("a"))
    accepted = task.cancel("stop")
    print(accepted, task.cancelling(), task.cancelled())
    loop.call_soon(print, "behind the wake-up")
    try:
        await task
    except asyncio.CancelledError:
        print("cancelled", task.cancelled())
    done = asyncio.create_task(quick())
    refused = done.cancel()
    print(refused, done.cancelled(), done.result())
    try:
        async with asyncio.timeout(0):
            await asyncio.create_task(work("b"))
    except TimeoutError as e:
        print(repr(e), asyncio.current_task().cancelling())


asyncio.run(amain())
