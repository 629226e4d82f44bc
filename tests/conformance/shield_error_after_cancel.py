# python >= 3.14
# TSK-37: an inner that fails after its shield was cancelled is reported to the exception handler,
# once even if it was shielded several times; a cancelled inner or a surviving shield reports
# nothing.
import asyncio


def handler(loop, context):
    print("handler:", context["message"], repr(context["exception"]), "future" in context)


async def fail(text):
    for _ in range(4):
        await asyncio.sleep(0)
    print("fails", text)
    raise ValueError(text)


async def waiter(name, inner):
    try:
        await asyncio.shield(inner)
    except ValueError as e:
        print(name, repr(e))


async def amain():
    asyncio.get_running_loop().set_exception_handler(handler)
    for cancelled in (1, 3, 0):
        inner = asyncio.create_task(fail(str(cancelled)))
        waiters = [asyncio.create_task(waiter("waiter " + str(n), inner)) for n in range(3)]
        await asyncio.sleep(0)
        for w in waiters[:cancelled]:
            w.cancel()
        for _ in range(7):
            await asyncio.sleep(0)
        print("shields cancelled", cancelled, inner.done(), [w.cancelled() for w in waiters])
        inner = None
    inner = asyncio.create_task(fail("not reached"))
    w = asyncio.create_task(waiter("last", inner))
    await asyncio.sleep(0)
    w.cancel()
    await asyncio.sleep(0)
    inner.cancel()
    await asyncio.wait([inner])
    print("inner cancelled", inner.cancelled())


asyncio.run(amain())
