# Pins AGN-01, TGP-18: leaving the block by return awaits the exit before the value gets out; an
# exit that raises takes the value's place.
import asyncio


class Manager:
    def __init__(self, fail):
        self.fail = fail

    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, exc, tb):
        print("exit starts", exc)
        await asyncio.sleep(0)
        print("exit ends")
        if self.fail:
            raise ValueError("exit")


async def compute(fail):
    async with Manager(fail):
        print("returning")
        return 42


async def find(items, wanted):
    for item in items:
        async with Manager(False):
            if item == wanted:
                return item
            print("not", item)
    return None


async def amain():
    print(await compute(False))
    try:
        print(await compute(True))
    except ValueError as e:
        print(repr(e))
    print(await find([1, 2, 3], 2))
    print(await find([1], 2))


asyncio.run(amain())
