# Pins TGP-04, TGP-02: a failing inner group is one error of the outer group; its siblings in the
# outer group are cancelled by it, and split() finds the leaves at any depth.
import asyncio


async def fail(error):
    raise error


async def inner_group():
    async with asyncio.TaskGroup() as tg:
        tg.create_task(fail(ValueError("deep")))
        tg.create_task(fail(TypeError("deep too")))


async def sibling():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print("sibling cancelled")
        raise


async def amain():
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(inner_group())
            tg.create_task(sibling())
    except ExceptionGroup as g:
        print(repr(g))
        match, rest = g.split(ValueError)
        print(repr(match))
        print(repr(rest))


asyncio.run(amain())
