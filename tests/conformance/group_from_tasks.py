# Pins TGP-04, section 25: except* over a TaskGroup's error; the clauses see the failures by type,
# nested groups included, and nothing of the cancelled siblings.
import asyncio


async def fail(error, turns):
    for _ in range(turns):
        await asyncio.sleep(0)
    raise error


async def nested():
    async with asyncio.TaskGroup() as tg:
        tg.create_task(fail(ConnectionResetError("inner"), 0))
        tg.create_task(fail(ValueError("inner"), 0))


async def sibling():
    await asyncio.sleep(10)


async def amain():
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(fail(ValueError("one"), 3))
            tg.create_task(nested())
            tg.create_task(sibling())
    except* ConnectionError as g:
        print("connection", repr(g))
    except* ValueError as g:
        print("value", repr(g))
    print("handled")


asyncio.run(amain())
