# Pins LCK-06: wait and notify need the lock to be held, by anybody: only "is it locked" is checked.
import asyncio


async def waiter(cond):
    async with cond:
        await cond.wait()
        print("waiter woken")


async def amain():
    cond = asyncio.Condition()
    try:
        await cond.wait()
    except RuntimeError as e:
        print(repr(e))
    try:
        await cond.wait_for(lambda: False)
    except RuntimeError as e:
        print(repr(e))
    print("true at once:", await cond.wait_for(lambda: True))
    for notify in (lambda: cond.notify(), lambda: cond.notify_all()):
        try:
            notify()
        except RuntimeError as e:
            print(repr(e))
    task = asyncio.create_task(waiter(cond))
    await asyncio.sleep(0)
    await cond.acquire()
    asyncio.get_running_loop().call_soon(cond.notify)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("notified by a callback that does not own the lock")
    cond.release()
    await task


asyncio.run(amain())
