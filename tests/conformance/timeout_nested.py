# TMO-09: nested timeouts: the inner one expiring does not disturb the outer, the outer one
# expiring passes through the inner untouched; the count after all exits is the one before.
import asyncio


async def run(outer_delay, inner_delay):
    me = asyncio.current_task()
    try:
        async with asyncio.timeout(outer_delay) as outer:
            try:
                async with asyncio.timeout(inner_delay) as inner:
                    try:
                        await asyncio.sleep(1000)
                    except asyncio.CancelledError:
                        print("cancelled", outer.expired(), inner.expired(), me.cancelling())
                        raise
            except TimeoutError:
                print("inner timed out", outer.expired(), inner.expired(), me.cancelling())
                await asyncio.sleep(0)
                print("outer body goes on")
    except TimeoutError:
        print("outer timed out", outer.expired(), inner.expired(), me.cancelling())
    print("end", me.cancelling())


async def amain():
    await run(1000, 0.005)
    await run(0.005, 1000)
    await run(0.005, None)


asyncio.run(amain())
