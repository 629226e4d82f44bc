# python >= 3.14
# Pins TGP-14, TSK-25: eager children run inside create_task; one that fails at once must not
# interrupt the body before its next suspension, because the failure goes through a done callback.
import asyncio


async def fail():
    print("eager child raises")
    raise ValueError("eager")


async def waits():
    print("eager child starts")
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print("eager child cancelled")
        raise


async def amain():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    task = asyncio.current_task()
    try:
        async with asyncio.TaskGroup() as tg:
            failed = tg.create_task(fail())
            print("created", failed.done(), task.cancelling())
            tg.create_task(waits())
            print("body still here", task.cancelling())
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError:
                print("body cancelled", task.cancelling())
                raise
    except ExceptionGroup as g:
        print(list(g.exceptions), task.cancelling())


asyncio.run(amain())
