# TSK-22, DESIGN 1.3: cancelling a task that awaits a task cancels the inner one first; an inner
# task that refuses gives its value to the outer, which is then not cancelled (count stays 1).
import asyncio


async def inner(refuse):
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError as e:
        print("inner", repr(e), asyncio.current_task().cancelling())
        if not refuse:
            raise
    await asyncio.sleep(0)
    return "inner value"


async def outer(task):
    me = asyncio.current_task()
    try:
        value = await task
        print("outer got", value, me.cancelling())
        return "outer value"
    except asyncio.CancelledError as e:
        print("outer", repr(e), me.cancelling())
        raise


async def amain():
    for refuse in (False, True):
        i = asyncio.create_task(inner(refuse))
        o = asyncio.create_task(outer(i))
        await asyncio.sleep(0)
        o.cancel("stop")
        print("requested", i.cancelling(), o.cancelling())
        await asyncio.wait([o])
        print("inner", i.cancelled(), "outer", o.cancelled(), o.cancelling())


asyncio.run(amain())
