# Pins LCK-05, TSK-12: a waiter that set() has woken and that is cancelled before its step is
# cancelled (the True is lost), while its neighbours get their True.
import asyncio


async def waiter(event, name):
    try:
        print(name, await event.wait())
    except asyncio.CancelledError:
        print(name, "cancelled although set", event.is_set())
        raise


async def amain():
    event = asyncio.Event()
    a = asyncio.create_task(waiter(event, "a"))
    b = asyncio.create_task(waiter(event, "b"))
    await asyncio.sleep(0)
    event.set()
    print("cancel", a.cancel())
    await asyncio.wait([a, b])
    print(a.cancelled(), b.cancelled())


asyncio.run(amain())
