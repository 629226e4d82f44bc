# Pins AGN-01: an exception raised by the exit replaces that of the body, and outer managers see the
# new one.
import asyncio


class Manager:
    def __init__(self, name, error):
        self.name = name
        self.error = error

    async def __aenter__(self):
        print(self.name, "enter")
        return self

    async def __aexit__(self, kind, exc, tb):
        print(self.name, "exit", repr(exc))
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        return True


async def amain():
    try:
        async with Manager("outer", RuntimeError("outer")), Manager("inner", LookupError("inner")):
            raise ValueError("body")
    except RuntimeError as e:
        print("raised", repr(e))
    try:
        async with Manager("only exit fails", LookupError("exit")):
            print("body")
    except LookupError as e:
        print("raised", repr(e))
    async with Manager("suppresses the replacement", None):
        async with Manager("replaces", LookupError("new")):
            raise ValueError("old")
    print("end")


asyncio.run(amain())
