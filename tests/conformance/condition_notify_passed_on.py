# python >= 3.13
# Pins LCK-08: a waiter that was notified and is cancelled before it could re-acquire passes its
# notification to the next waiter; a port that loses it hangs.
import asyncio


async def waiter(cond, name):
    async with cond:
        try:
            await cond.wait()
            print(name, "notified")
        except asyncio.CancelledError:
            print(name, "cancelled")
            raise


async def amain():
    cond = asyncio.Condition()
    a = asyncio.create_task(waiter(cond, "a"))
    b = asyncio.create_task(waiter(cond, "b"))
    c = asyncio.create_task(waiter(cond, "c"))
    for _ in range(4):
        await asyncio.sleep(0)
    async with cond:
        cond.notify()
        await asyncio.sleep(0)
        print("cancel the notified one", a.cancel())
    for _ in range(8):
        await asyncio.sleep(0)
    print(a.done(), b.done(), c.done())
    async with cond:
        cond.notify()
    await c
    print("end")


asyncio.run(amain())
