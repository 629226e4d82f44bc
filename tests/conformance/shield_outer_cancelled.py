# TSK-37: cancelling a task that awaits shield(inner) leaves the inner running: the outer gets
# CancelledError at once and the inner's result can still be awaited.
import asyncio


async def inner():
    for i in range(4):
        print("inner", i)
        await asyncio.sleep(0)
    return "inner value"


async def outer(task):
    try:
        print(await asyncio.shield(task))
    except asyncio.CancelledError as e:
        print("outer", repr(e), asyncio.current_task().cancelling())
        raise


async def amain():
    i = asyncio.create_task(inner())
    o = asyncio.create_task(outer(i))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    o.cancel("only the outer")
    print("inner", i.cancelling(), "outer", o.cancelling())
    await asyncio.wait([o])
    print(o.cancelled(), i.done())
    print(await i)
    shield = asyncio.shield(asyncio.create_task(inner()))
    accepted = shield.cancel("the shield itself")
    print(accepted, shield.cancelled())
    for _ in range(6):
        await asyncio.sleep(0)
    print("end")


asyncio.run(amain())
