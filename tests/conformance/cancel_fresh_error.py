# TSK-18: raising a fresh CancelledError with no cancel() request marks the task cancelled, with
# that exception's message; awaiting a cancelled future inside a task does the same.
import asyncio


async def fresh():
    await asyncio.sleep(0)
    raise asyncio.CancelledError("fresh")


async def passes_on(fut):
    await fut


async def amain():
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(fresh())
    try:
        await task
    except asyncio.CancelledError as e:
        print(repr(e), task.cancelled(), task.cancelling())
    fut = loop.create_future()
    fut.cancel("future")
    task = asyncio.create_task(passes_on(fut))
    try:
        await task
    except asyncio.CancelledError as e:
        print(repr(e), task.cancelled(), task.cancelling())
    try:
        task.exception()
    except asyncio.CancelledError:
        print("exception() raises CancelledError")
    try:
        await fresh()
    except asyncio.CancelledError as e:
        print("inline", repr(e), asyncio.current_task().cancelling())


asyncio.run(amain())
