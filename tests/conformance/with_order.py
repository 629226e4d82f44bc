# Pins AGN-01: several managers are entered left to right and left right to left, each awaited to
# its end, around the body and around each other.
import asyncio


class Manager:
    def __init__(self, name):
        self.name = name

    async def __aenter__(self):
        print(self.name, "enter")
        await asyncio.sleep(0)
        print(self.name, "entered")
        return self.name.upper()

    async def __aexit__(self, kind, exc, tb):
        print(self.name, "exit", repr(exc))
        await asyncio.sleep(0)
        print(self.name, "left")
        return False


async def amain():
    async with Manager("a") as a, Manager("b") as b:
        print("body", a, b)
    try:
        async with Manager("c") as c:
            async with Manager("d") as d:
                print("body", c, d)
                raise ValueError("boom")
    except ValueError as e:
        print("raised", repr(e))


asyncio.run(amain())
