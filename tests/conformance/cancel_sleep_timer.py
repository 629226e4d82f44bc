# TSK-23: cancelling a task inside sleep removes its timer: the stale deadline neither wakes the
# next sleep of that task early nor keeps the loop busy.
import asyncio


async def worker(name):
    try:
        await asyncio.sleep(0.01)
        print("not reached")
    except asyncio.CancelledError:
        print(name, "first sleep cancelled")
    await asyncio.sleep(0.04)
    print(name, "second sleep over")
    return name


async def distant():
    await asyncio.sleep(3600)


async def amain():
    loop = asyncio.get_running_loop()
    a = asyncio.create_task(worker("a"))
    far = asyncio.create_task(distant())
    await asyncio.sleep(0)
    a.cancel()
    far.cancel()
    loop.call_soon(print, "next batch")
    loop.call_later(0.02, print, "past the stale deadline")
    print(await a)
    try:
        await far
    except asyncio.CancelledError:
        print("far cancelled", far.cancelled())
    task = asyncio.create_task(asyncio.sleep(0, "started late"))
    task.cancel()
    await asyncio.wait([task])
    print(task.cancelled())


asyncio.run(amain())
