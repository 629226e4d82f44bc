# TSK-17, TSK-19, G-08: clean-up that awaits runs to its end after one cancel (the request was
# delivered once); a second cancel interrupts the clean-up itself.
import asyncio


async def cleanup(name):
    try:
        print("cleanup", name)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        print("cleanup finished", name)
    except asyncio.CancelledError as e:
        print("cleanup interrupted", name, repr(e))
        raise


async def worker(name):
    try:
        await asyncio.sleep(1000)
    finally:
        await cleanup(name)


async def amain():
    for name in ("once", "twice"):
        task = asyncio.create_task(worker(name))
        await asyncio.sleep(0)
        task.cancel("first")
        await asyncio.sleep(0)
        print("in the clean-up", task.done())
        if name == "twice":
            task.cancel("second")
        try:
            await task
        except asyncio.CancelledError as e:
            print("main", repr(e), task.cancelling())


asyncio.run(amain())
