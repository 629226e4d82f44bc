# python >= 3.13
# Pins TGP-10: inner and outer group fail in the same iteration; the inner one must not swallow the
# cancel that the outer one sent to the parent (older Pythons hang or lose it).
import asyncio


async def fail(name):
    await asyncio.sleep(0)
    print("fails", name)
    raise ValueError(name)


async def amain():
    task = asyncio.current_task()
    try:
        async with asyncio.TaskGroup() as outer:
            outer.create_task(fail("outer child"))
            try:
                async with asyncio.TaskGroup() as inner:
                    inner.create_task(fail("inner child"))
            except ExceptionGroup as g:
                print("inner", list(g.exceptions), task.cancelling())
            print("between")
            try:
                await asyncio.sleep(10)
                print("not reached")
            except asyncio.CancelledError:
                print("outer cancels the body", task.cancelling())
                raise
    except ExceptionGroup as g:
        print("outer", list(g.exceptions), task.cancelling())
    await asyncio.sleep(0)
    print("cancelling", task.cancelling())


asyncio.run(amain())
