# TMO-04, TMO-05, TMO-12: expiry cancels the task once; at exit that cancel is withdrawn and turned
# into TimeoutError (an OSError); a body that ends in time is left alone.
import asyncio


async def amain():
    me = asyncio.current_task()
    seen = []
    try:
        async with asyncio.timeout(0.01) as t:
            seen.append(t)
            print(t.expired(), t.when() is not None)
            try:
                await asyncio.sleep(1000)
            except asyncio.CancelledError as e:
                print("inside", repr(e), t.expired(), me.cancelling())
                raise
    except OSError as e:
        print(repr(e), isinstance(e, TimeoutError), seen[0].expired(), me.cancelling())
    async with asyncio.timeout(1000) as t:
        seen.append(t)
        await asyncio.sleep(0)
        print("in time")
    print(seen[1].expired(), me.cancelling())
    async with asyncio.timeout(None) as t:
        print(t.when(), t.expired())
        await asyncio.sleep(0)
    try:
        async with asyncio.timeout(1000):
            raise ValueError("from the body")
    except ValueError as e:
        print(repr(e), me.cancelling())


asyncio.run(amain())
