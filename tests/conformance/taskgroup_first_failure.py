# Pins TGP-02, TGP-09: the first failing child cancels its sibling and interrupts a body that still
# runs; the parent's cancel request is withdrawn at exit, so the next await is not cancelled.
import asyncio


async def fail():
    await asyncio.sleep(0)
    print("child fails")
    raise ValueError("boom")


async def sibling():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print("sibling cancelled")
        raise


async def amain():
    task = asyncio.current_task()
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(sibling())
            tg.create_task(fail())
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError:
                print("body cancelled", task.cancelling())
                raise
            print("not reached")
    except ExceptionGroup as g:
        print(str(g), list(g.exceptions))
    print("cancelling", task.cancelling())
    await asyncio.sleep(0)
    print("goes on")


asyncio.run(amain())
