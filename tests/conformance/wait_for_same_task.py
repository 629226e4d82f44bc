# python >= 3.12
# TSK-44: a coroutine given to wait_for runs inside the caller's task: same current_task(), same
# context (a variable set inside is visible after), no task of its own; errors pass through.
import asyncio
import contextvars

var = contextvars.ContextVar("var", default="unset")


async def inner(turns):
    print("inner runs in", asyncio.current_task().get_name(), len(asyncio.all_tasks()))
    var.set("set inside")
    for _ in range(turns):
        await asyncio.sleep(0)
    if turns == 2:
        raise ValueError("inner")
    return "value"


async def amain():
    asyncio.current_task().set_name("main")
    print(await asyncio.wait_for(inner(1), 10))
    print(var.get())
    print(await asyncio.wait_for(inner(0), None))
    try:
        await asyncio.wait_for(inner(2), 10)
    except ValueError as e:
        print(repr(e))
    task = asyncio.create_task(inner(1), name="own task")
    print(await asyncio.wait_for(task, 10))
    print(asyncio.current_task().cancelling())


asyncio.run(amain())
