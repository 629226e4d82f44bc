# Pins section 25 (derive): split and subgroup of a subclass keep its type if it overrides derive,
# and fall back to a plain group if not.
import asyncio


class Rich(ExceptionGroup):
    def derive(self, errors):
        return Rich(self.message, errors)


class Poor(ExceptionGroup):
    pass


async def amain():
    for kind in (Rich, Poor):
        group = kind("m", [ValueError("a"), TypeError("b")])
        match, rest = group.split(ValueError)
        print(type(group).__name__, type(match).__name__, type(rest).__name__)
        print(repr(match), repr(rest))
        try:
            raise ExceptionGroup("around", [group, OSError("c")])
        except* TypeError as g:
            print(type(g.exceptions[0]).__name__, list(g.exceptions[0].exceptions))
        except* Exception as g:
            print(len(g.exceptions), type(g.exceptions[0]).__name__)


asyncio.run(amain())
