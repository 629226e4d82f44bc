# Pins section 25: subgroup with a predicate sees groups before their leaves; a leaf is kept with
# all the groups around it, and empty groups vanish.
import asyncio


async def amain():
    group = BaseExceptionGroup("outer", [
        KeyboardInterrupt("k"),
        ExceptionGroup("first", [ValueError("x1"), ValueError("y1")]),
        ExceptionGroup("second", [ValueError("y2")]),
    ])
    seen = []

    def has_x(e):
        seen.append(str(e))
        return str(e).startswith("x")

    print(repr(group.subgroup(has_x)))
    print(seen)
    print(repr(group.subgroup(lambda e: str(e).startswith("second"))))
    print(repr(group.subgroup(lambda e: False)))
    ordinary = group.subgroup(ValueError)
    print(type(group).__name__, type(ordinary).__name__, isinstance(ordinary, Exception))
    print(repr(ordinary))


asyncio.run(amain())
