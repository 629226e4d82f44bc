# TSK-14: a running task that cancels itself gets the exception at its next suspension; awaits that
# do not suspend are not interrupted; returning without suspending ends the task cancelled.
import asyncio


async def quick():
    return "quick"


async def suspends():
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    done.set_result("done")
    asyncio.current_task().cancel("me")
    print(await quick())
    print(await done)
    try:
        await asyncio.sleep(0)
        print("must not get here")
    except asyncio.CancelledError as e:
        print("at the suspension", repr(e))
    await asyncio.sleep(0)
    return "went on"


async def returns():
    asyncio.current_task().cancel("returning")
    return "lost value"


async def raises():
    asyncio.current_task().cancel()
    raise ValueError("wins")


async def amain():
    print(await asyncio.create_task(suspends()))
    task = asyncio.create_task(returns())
    try:
        print(await task)
    except asyncio.CancelledError as e:
        print(repr(e), task.cancelled())
    task = asyncio.create_task(raises())
    try:
        await task
    except ValueError as e:
        print(repr(e), task.cancelled(), task.cancelling())


asyncio.run(amain())
