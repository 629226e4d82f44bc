# TMO-11: reschedule moves the deadline (None disarms, the past fires in the next iteration); the
# timer is dropped on every exit and never fires into later code.
import asyncio


async def amain():
    loop = asyncio.get_running_loop()
    me = asyncio.current_task()
    async with asyncio.timeout(0.005) as t:
        t.reschedule(None)
        print(t.when())
        await asyncio.sleep(0.02)
        print("disarmed", t.expired())
    async with asyncio.timeout(0.005) as t:
        when = loop.time() + 1000
        t.reschedule(when)
        print(t.when() == when)
        await asyncio.sleep(0.02)
        print("moved later", t.expired())
    try:
        async with asyncio.timeout(1000) as t:
            t.reschedule(loop.time() - 1)
            print("moved to the past", t.expired())
            await asyncio.sleep(0)
            print("not reached")
    except TimeoutError as e:
        print(repr(e), me.cancelling())
    try:
        async with asyncio.timeout(0.005):
            raise ValueError("early exit")
    except ValueError as e:
        print(repr(e))
    await asyncio.sleep(0.02)
    print("no late expiry", me.cancelling())


asyncio.run(amain())
