# TMO-09: both deadlines of nested timeouts expire in one iteration: each cancel is counted, each
# exit withdraws its own; which of them raises is decided by the counts alone.
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
                print("inner TimeoutError", me.cancelling())
                raise
            except asyncio.CancelledError:
                print("between: CancelledError", me.cancelling())
                raise
    except TimeoutError:
        print("outer TimeoutError", outer.expired(), inner.expired())
    print("end", me.cancelling())


async def amain():
    await run(0, 0)
    await run(-1, 0)
    await asyncio.sleep(0)
    print("not interrupted later")


asyncio.run(amain())
