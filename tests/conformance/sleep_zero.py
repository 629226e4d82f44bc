# TSK-30: sleep(0) and negative delays are exactly one iteration and no timer: they do not wait for
# due timers and queue FIFO.
import asyncio


async def amain():
    loop = asyncio.get_running_loop()

    def tick(n):
        print("tick", n)
        if n < 4:
            loop.call_soon(tick, n + 1)

    loop.call_soon(tick, 0)
    for delay in (0, -1, -0.5):
        await asyncio.sleep(delay)
        print("slept", delay)
    print(await asyncio.sleep(0, "result"))
    print(await asyncio.sleep(-1, 5))
    await asyncio.sleep(0)
    print("end")


asyncio.run(amain())
