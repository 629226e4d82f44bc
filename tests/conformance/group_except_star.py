# Pins section 25 (except*): each clause takes its part of what is left, in order; what no clause
# takes is raised on, in the original shape.
import asyncio


async def attempt(error):
    try:
        raise error
    except* ValueError as g:
        print("values", g.message, list(g.exceptions))
    except* (OSError, EOFError) as g:
        print("io", repr(g))


async def amain():
    await attempt(ExceptionGroup("one", [ValueError("1"), OSError("io"), ValueError("2")]))
    await attempt(ValueError("bare"))
    try:
        await attempt(ExceptionGroup("two", [
            TypeError("t"),
            ExceptionGroup("deep", [EOFError("eof"), TypeError("u"), TimeoutError("late")]),
        ]))
    except ExceptionGroup as g:
        print("left", repr(g))
    try:
        await attempt(TypeError("not matched"))
    except TypeError as e:
        print("bare again", repr(e))


asyncio.run(amain())
