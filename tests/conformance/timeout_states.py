# python >= 3.12
# TMO-01, TMO-02: entering twice and reschedule() before entry, while expiring and after exit are
# RuntimeErrors with the documented texts.
import asyncio


async def amain():
    loop = asyncio.get_running_loop()

    def attempt(t):
        try:
            t.reschedule(loop.time() + 1)
        except RuntimeError as e:
            print("RuntimeError", e)

    t = asyncio.timeout(1000)
    attempt(t)
    async with t:
        attempt(t)
        print("active", t.when() < loop.time() + 2)
    attempt(t)
    try:
        async with t:
            print("not reached")
    except RuntimeError as e:
        print("RuntimeError", e)
    expiring = asyncio.timeout(0)
    try:
        async with expiring:
            try:
                await asyncio.sleep(1000)
            except asyncio.CancelledError:
                attempt(expiring)
                raise
    except TimeoutError:
        attempt(expiring)


asyncio.run(amain())
