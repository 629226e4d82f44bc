# python >= 3.12
# TSK-27: an exception raised in the eager step is stored in the task, not thrown from create_task;
# so is a CancelledError, which makes the task cancelled.
import asyncio


async def fail():
    print("fails at once")
    raise ValueError("eager")


async def cancels():
    raise asyncio.CancelledError("by itself")


async def self_cancel():
    asyncio.current_task().cancel("requested")
    try:
        await asyncio.sleep(0)
    except asyncio.CancelledError as e:
        print("next suspension", repr(e))
        raise


async def amain():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    task = asyncio.create_task(fail())
    print("created", task.done(), repr(task.exception()))
    try:
        await task
    except ValueError as e:
        print(repr(e))
    task = asyncio.create_task(cancels())
    print("created", task.done(), task.cancelled())
    task = asyncio.create_task(self_cancel())
    print("created", task.done(), task.cancelling())
    try:
        await task
    except asyncio.CancelledError as e:
        print("main", repr(e), task.cancelled())


asyncio.run(amain())
