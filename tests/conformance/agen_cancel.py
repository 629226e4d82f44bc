# Pins AGN-03, TSK-13, AGN-05: cancelling the consumer while it waits inside the generator throws at
# the generator's await; its clean-up, awaits included, runs before the task ends.
import asyncio


async def source():
    try:
        yield 1
        await asyncio.sleep(10)
        yield 2
    except asyncio.CancelledError:
        print("generator cancelled")
        raise
    finally:
        await asyncio.sleep(0)
        print("generator cleaned up")


async def consumer(g):
    try:
        async for x in g:
            print("got", x)
    except asyncio.CancelledError:
        print("consumer cancelled")
        raise


async def amain():
    g = source()
    task = asyncio.create_task(consumer(g))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    print(task.cancelled(), await anext(g, None))


asyncio.run(amain())
