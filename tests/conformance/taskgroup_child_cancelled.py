# Pins TGP-03: a child that ends cancelled (from outside, or raising CancelledError itself) is no
# failure: siblings, body and parent go on and nothing is raised.
import asyncio


async def worker(name):
    try:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        print(name, "finished")
    except asyncio.CancelledError:
        print(name, "cancelled")
        raise


async def quits():
    print("quits")
    raise asyncio.CancelledError


async def amain():
    async with asyncio.TaskGroup() as tg:
        a = tg.create_task(worker("a"))
        b = tg.create_task(worker("b"))
        c = tg.create_task(quits())
        await asyncio.sleep(0)
        print("cancel", a.cancel())
        await asyncio.sleep(0)
        print("body goes on")
    print(a.cancelled(), b.cancelled(), c.cancelled())
    print("cancelling", asyncio.current_task().cancelling())


asyncio.run(amain())
