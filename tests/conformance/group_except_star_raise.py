# Pins section 25 (except*): what a clause raises is collected, later clauses still run, and a re-
# raised part is merged with the unhandled one.
import asyncio


async def attempt(kind):
    try:
        raise ExceptionGroup("all", [ValueError("v"), TypeError("t"), LookupError("l")])
    except* ValueError as g:
        print("values")
        if kind == "new":
            raise RuntimeError("from the clause")
        if kind == "again":
            raise
    except* TypeError:
        print("types")


async def amain():
    for kind in ("handled", "new", "again"):
        try:
            await attempt(kind)
        except ExceptionGroup as g:
            print(kind, repr(g))


asyncio.run(amain())
