# TMO-04, TMO-01: a timeout cancels only the task that entered it, not its children; a child's
# CancelledError inside the block is not taken for the expiry.
import asyncio


async def child(name):
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        print(name, "cancelled")
        raise


async def amain():
    me = asyncio.current_task()
    a = asyncio.create_task(child("a"))
    try:
        async with asyncio.timeout(0.005):
            await asyncio.wait([a])
    except TimeoutError as e:
        print(repr(e), a.done(), me.cancelling())
    try:
        async with asyncio.timeout(0.005):
            await a
    except TimeoutError as e:
        print(repr(e), a.cancelled(), me.cancelling())
    b = asyncio.create_task(child("b"))
    timeouts = []
    try:
        async with asyncio.timeout(1000) as t:
            timeouts.append(t)
            await asyncio.sleep(0)
            b.cancel("not the timeout")
            await b
    except asyncio.CancelledError as e:
        print(repr(e), timeouts[0].expired(), me.cancelling())
    c = asyncio.create_task(child("c"))
    try:
        async with asyncio.timeout(0.005):
            await asyncio.shield(c)
    except TimeoutError as e:
        print(repr(e), c.done(), me.cancelling())
    c.cancel()
    await asyncio.wait([c])


asyncio.run(amain())
