# Pins TGP-01, TGP-02: a sibling that swallows its cancellation is waited for to its very end, and
# is cancelled once only (edge, not level).
import asyncio


async def stubborn():
    for i in range(3):
        try:
            await asyncio.sleep(0 if i else 10)
            print("turn", i)
        except asyncio.CancelledError:
            print("refused", i, asyncio.current_task().cancelling())
    return "stubborn result"


async def fail():
    raise RuntimeError("first")


async def amain():
    try:
        async with asyncio.TaskGroup() as tg:
            task = tg.create_task(stubborn())
            await asyncio.sleep(0)
            tg.create_task(fail())
    except ExceptionGroup as g:
        print(list(g.exceptions))
    print(task.done(), task.cancelled(), task.result())


asyncio.run(amain())
