# Pins LCK-05 and section 0.1: wait() on a set event does not suspend, a blocked one resumes two
# iterations after the set(), in arrival order; a cancelled waiter drops out and the rest is
# untouched.
import asyncio


def tick(n, last):
    print("tick", n)
    if n < last:
        asyncio.get_running_loop().call_soon(tick, n + 1, last)


async def waiter(event, name):
    try:
        await event.wait()
        print(name, "resumed")
        await event.wait()
        print(name, "passed without a turn")
    except asyncio.CancelledError:
        print(name, "cancelled")


async def amain():
    event = asyncio.Event()
    tasks = [asyncio.create_task(waiter(event, name)) for name in ("a", "b", "c")]
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_soon(tick, 1, 5)
    tasks[1].cancel()
    asyncio.get_running_loop().call_soon(event.set)
    await asyncio.gather(*tasks)
    print("all done")


asyncio.run(amain())
