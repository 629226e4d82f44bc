# Pins AGN-01, AGN-05: a cancelled body is left through its exit, which may await; a second cancel
# interrupts that exit, and the outer manager is still left.
import asyncio


class Manager:
    def __init__(self, name):
        self.name = name

    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, exc, tb):
        print(self.name, "exit", type(exc).__name__)
        try:
            for _ in range(3):
                await asyncio.sleep(0)
            print(self.name, "left")
        except asyncio.CancelledError:
            print(self.name, "exit interrupted")
            raise


async def body():
    async with Manager("outer"), Manager("inner"):
        await asyncio.sleep(10)


async def amain():
    for cancels in (1, 2):
        task = asyncio.create_task(body())
        await asyncio.sleep(0)
        for i in range(cancels):
            print("cancel", task.cancel())
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        await asyncio.wait([task])
        print("cancelled", task.cancelled(), task.cancelling())


asyncio.run(amain())
