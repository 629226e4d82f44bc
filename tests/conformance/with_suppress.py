# Pins AGN-01: a true result of the exit suppresses the exception: outer managers see none and the
# program goes on behind the block; a true result without an exception changes nothing.
import asyncio


class Manager:
    def __init__(self, name, suppress):
        self.name = name
        self.suppress = suppress

    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, exc, tb):
        await asyncio.sleep(0)
        print(self.name, "exit", repr(exc))
        return self.suppress


async def amain():
    async with Manager("outer", False), Manager("inner", True):
        print("body")
        raise ValueError("suppressed")
    print("goes on")
    async with Manager("no error", True):
        print("body")
    try:
        async with Manager("outer", False), Manager("inner", False):
            raise ValueError("kept")
    except ValueError as e:
        print("raised", repr(e))

    async with Manager("cancel", True):
        asyncio.current_task().cancel()
        await asyncio.sleep(10)
    print("cancel suppressed", asyncio.current_task().cancelling())


asyncio.run(amain())
