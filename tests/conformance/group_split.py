# Pins ERR-01, section 25: split keeps message and nesting in both parts, gives None for an empty
# part, and matches subclasses; a group that matches itself is taken whole.
import asyncio


def show(pair):
    match, rest = pair
    print("match", repr(match))
    print("rest", repr(rest))


async def amain():
    group = ExceptionGroup("outer", [
        ValueError("a"),
        ExceptionGroup("inner", [TypeError("b"), ConnectionResetError("c"), ValueError("d")]),
        LookupError("e"),
    ])
    show(group.split(ValueError))
    show(group.split(OSError))
    show(group.split((TypeError, LookupError)))
    show(group.split(KeyboardInterrupt))
    show(group.split(Exception))
    show(group.split(ExceptionGroup))


asyncio.run(amain())
