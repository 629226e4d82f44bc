# Pins TGP-04: one failure outside Exception turns the whole into a BaseExceptionGroup, which an
# `except Exception` (C++: catch of std::exception) must not swallow.
import asyncio


class Halt(BaseException):
    pass


async def fail(error):
    await asyncio.sleep(0)
    print("raises", repr(error))
    raise error


async def attempt(first, second):
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(fail(first))
            tg.create_task(fail(second))
    except Exception as e:
        print("Exception:", str(e))
        raise


async def amain():
    try:
        await attempt(ValueError("v"), Halt("h"))
    except BaseExceptionGroup as g:
        print(type(g).__name__, str(g), list(g.exceptions), isinstance(g, Exception))
    try:
        await attempt(ValueError("v"), TypeError("t"))
    except BaseExceptionGroup as g:
        print(type(g).__name__, str(g), list(g.exceptions), isinstance(g, Exception))


asyncio.run(amain())
