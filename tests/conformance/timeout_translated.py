# TMO-06, TMO-07: a body that turns the expiry's cancel into another exception keeps that one; a
# body that swallows it ends normally; expired() is true and the count is restored in both.
import asyncio


async def translate(me):
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        raise ValueError("translated")


async def swallow(me):
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        print("swallowed", me.cancelling())
    await asyncio.sleep(0)
    print("body goes on")


async def amain():
    me = asyncio.current_task()
    timeouts = []
    try:
        async with asyncio.timeout(0.005) as t:
            timeouts.append(t)
            await translate(me)
    except ValueError as e:
        print(repr(e), timeouts[0].expired(), me.cancelling())
    async with asyncio.timeout(0.005) as t:
        timeouts.append(t)
        await swallow(me)
    print("no TimeoutError", timeouts[1].expired(), me.cancelling())
    try:
        async with asyncio.timeout(1000) as t:
            timeouts.append(t)
            raise asyncio.CancelledError("raised by the body")
    except asyncio.CancelledError as e:
        print(repr(e), timeouts[2].expired(), me.cancelling())


asyncio.run(amain())
