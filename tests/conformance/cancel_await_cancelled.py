# TSK-07, TSK-16, TSK-18: awaiting a task that is already cancelled raises without an iteration and
# does not count as a request; swallowing it leaves the awaiter untouched.
import asyncio


async def stuck():
    await asyncio.sleep(1000)


async def awaits(task):
    await task
    print("not reached")


async def amain():
    loop = asyncio.get_running_loop()
    me = asyncio.current_task()
    task = asyncio.create_task(stuck())
    await asyncio.sleep(0)
    task.cancel("once")
    await asyncio.wait([task])
    loop.call_soon(print, "an iteration passed")
    try:
        await task
    except asyncio.CancelledError as e:
        print(type(e).__name__, me.cancelling())
    print(task.cancel(), me.cancelled())
    await asyncio.sleep(0)
    print("main goes on")
    other = asyncio.create_task(awaits(task))
    await asyncio.wait([other])
    print(other.cancelled(), other.cancelling())
    pending = asyncio.create_task(stuck())
    waiting = asyncio.create_task(awaits(pending))
    await asyncio.sleep(0)
    pending.cancel("inner only")
    await asyncio.wait([waiting])
    print(waiting.cancelled(), waiting.cancelling(), pending.cancelled())


asyncio.run(amain())
