# python >= 3.12
# TSK-42, TSK-22: the caller is cancelled while wait_for waits for an expired inner that is slow to
# end: the outside cancel wins over TimeoutError; an inner that refuses twice still gives its
# value, and the caller keeps the count.
import asyncio


async def slow(refuse):
    for _ in range(2):
        try:
            await asyncio.sleep(1000)
        except asyncio.CancelledError as e:
            print("inner", repr(e))
    if not refuse:
        raise asyncio.CancelledError("gives in")
    return "refused twice"


async def caller(inner):
    me = asyncio.current_task()
    try:
        print("got", await asyncio.wait_for(inner, 0.005))
    except TimeoutError as e:
        print("caller", repr(e), me.cancelling())
    except asyncio.CancelledError as e:
        print("caller", repr(e), me.cancelling())
        raise


async def amain():
    for refuse in (False, True):
        inner = asyncio.create_task(slow(refuse))
        task = asyncio.create_task(caller(inner))
        await asyncio.sleep(0.02)
        print("expired", inner.cancelling(), task.cancelling())
        task.cancel("outside")
        await asyncio.wait([task])
        print(task.cancelled(), inner.cancelled(), task.cancelling())


asyncio.run(amain())
