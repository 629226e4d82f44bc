# Pins LCK-05: set() wakes all present waiters in order; a clear() right after does not put them
# back, and whoever comes later waits again.
import asyncio


async def waiter(event, name):
    result = await event.wait()
    print(name, result, event.is_set())


async def amain():
    event = asyncio.Event()
    first = [asyncio.create_task(waiter(event, name)) for name in ("a", "b", "c")]
    await asyncio.sleep(0)
    event.set()
    event.clear()
    late = asyncio.create_task(waiter(event, "late"))
    print("set and cleared", event.is_set())
    await asyncio.gather(*first)
    await asyncio.sleep(0)
    print("late done", late.done())
    event.set()
    event.set()
    await late
    print(await event.wait())


asyncio.run(amain())
