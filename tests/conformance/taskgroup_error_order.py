# Pins TGP-04, TGP-06: all failures are collected in completion order, errors raised while being
# cancelled too, and the body's own error comes last; never a bare exception.
import asyncio


async def slow_cleanup(name, turns):
    try:
        await asyncio.sleep(10)
    finally:
        for _ in range(turns):
            await asyncio.sleep(0)
        print(name, "fails in cleanup")
        raise ValueError(name)


async def polite():
    try:
        await asyncio.sleep(10)
    finally:
        print("polite leaves")


async def amain():
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(slow_cleanup("three turns", 3))
            tg.create_task(slow_cleanup("one turn", 1))
            tg.create_task(polite())
            await asyncio.sleep(0)
            print("body raises")
            raise LookupError("body")
    except ExceptionGroup as g:
        print(str(g))
        for e in g.exceptions:
            print(repr(e))


asyncio.run(amain())
