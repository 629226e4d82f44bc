# TSK-42: on expiry wait_for cancels the inner and waits for it to end before raising TimeoutError;
# an inner that raises something else passes that on.
import asyncio


async def slow(error):
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        print("cancel seen")
        if error:
            raise ValueError("while unwinding")
        raise
    finally:
        print("inner ends")


async def cleanup():
    try:
        await asyncio.sleep(1000)
    finally:
        for i in range(3):
            await asyncio.sleep(0)
            print("cleanup", i)


async def amain():
    for error in (False, True):
        task = asyncio.create_task(slow(error))
        try:
            await asyncio.wait_for(task, 0.01)
        except asyncio.TimeoutError as e:
            print(repr(e))
        except ValueError as e:
            print(repr(e))
        print(task.done(), task.cancelled())
    task = asyncio.create_task(cleanup())
    try:
        await asyncio.wait_for(task, 0.01)
    except asyncio.TimeoutError:
        print("timed out", task.done(), task.cancelled())
    print(asyncio.current_task().cancelling())


asyncio.run(amain())
