# Pins AGN-01: a manager whose enter fails is not left and its body does not run; those entered
# before it are left with that error.
import asyncio


class Manager:
    def __init__(self, name, fail=False):
        self.name = name
        self.fail = fail

    async def __aenter__(self):
        await asyncio.sleep(0)
        print(self.name, "enter")
        if self.fail:
            raise ValueError(self.name)
        return self

    async def __aexit__(self, kind, exc, tb):
        print(self.name, "exit", repr(exc))
        return False


async def amain():
    try:
        async with Manager("a"):
            async with Manager("b", fail=True), Manager("c"):
                print("not reached")
    except ValueError as e:
        print("raised", repr(e))

    async def body():
        async with Manager("d"), Manager("e"):
            print("not reached")

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    print("cancelled while entering", task.cancelled())


asyncio.run(amain())
