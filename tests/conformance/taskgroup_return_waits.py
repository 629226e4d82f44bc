# Pins TGP-01, TGP-18: a value returned from inside the block leaves only after the children have
# ended, and is lost to the group if one of them fails.
import asyncio


async def child(turns, fail):
    for i in range(turns):
        await asyncio.sleep(0)
        print("turn", i)
    if fail:
        raise ValueError("child")


async def compute(fail):
    async with asyncio.TaskGroup() as tg:
        tg.create_task(child(2, fail))
        print("returning")
        return 42


async def amain():
    print(await compute(False))
    try:
        print(await compute(True))
    except ExceptionGroup as g:
        print(list(g.exceptions))


asyncio.run(amain())
