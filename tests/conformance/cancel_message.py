# TSK-21: the message of cancel(msg) is seen inside the task and by its awaiter; without msg both
# see none; of several requests the one being delivered keeps its message, else the last one wins.
import asyncio


async def worker():
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError as e:
        print("inside", repr(e))
        raise


async def translates():
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        raise asyncio.CancelledError("changed on the way")


async def awaiter(task):
    try:
        await task
    except asyncio.CancelledError as e:
        print("awaiter", repr(e))


async def amain():
    for body, messages, start in (
        (worker, ["one"], True),
        (worker, [None], True),
        (worker, ["one", "two"], True),
        (worker, ["one", "two"], False),
        (translates, ["original"], True),
    ):
        task = asyncio.create_task(body())
        if start:
            await asyncio.sleep(0)
        for message in messages:
            task.cancel(message)
        await awaiter(task)
        print(task.cancelled(), task.cancelling())


asyncio.run(amain())
