# TMO-03: a deadline in the past expires by call_soon: a body that never suspends completes, one
# that suspends only in sleep(0) is interrupted; a blocking await costs two iterations.
import asyncio


async def quick():
    return "quick"


async def amain():
    loop = asyncio.get_running_loop()
    for delay in (0, -1):
        async with asyncio.timeout(delay) as t:
            print(await quick(), t.expired())
        await asyncio.sleep(0)
        print("after", t.expired())
        try:
            async with asyncio.timeout(delay):
                await asyncio.sleep(0)
                print("not reached")
        except TimeoutError as e:
            print(repr(e))
    try:
        async with asyncio.timeout_at(loop.time() - 10) as t:
            loop.call_soon(lambda: print("behind the expiry", t.expired()))
            loop.call_soon(lambda: loop.call_soon(print, "second iteration"))
            await asyncio.sleep(1000)
    except TimeoutError:
        print("timed out", asyncio.current_task().cancelling())


asyncio.run(amain())
