# RUN-10, RUN-11: SIGINT cancels the main task and wakes a blocked loop; run() then raises
# KeyboardInterrupt; a main that swallows the cancellation makes run() return its value.
import asyncio
import signal


async def background():
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        print("background cancelled at shutdown")
        raise


async def amain(swallow):
    task = asyncio.create_task(background())
    await asyncio.sleep(0)
    signal.raise_signal(signal.SIGINT)
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        print("main cancelled", asyncio.current_task().cancelling(), task.done())
        if not swallow:
            raise
    await asyncio.sleep(0)
    print("main goes on", task.done())
    return "value"


for swallow in (False, True):
    try:
        print(asyncio.run(amain(swallow)))
    except KeyboardInterrupt:
        print("KeyboardInterrupt")
