# Section 0.1: gather, shield, wait, as_completed and TaskGroup of one trivial child cost three
# iterations: the child, the aggregating done callback, the waiter's wake-up.
import asyncio


class Ticker:
    def __init__(self, loop):
        self.loop = loop
        self.count = 0
        self.tick()

    def tick(self):
        self.count += 1
        self.handle = self.loop.call_soon(self.tick)


async def cost(label, body):
    ticker = Ticker(asyncio.get_running_loop())
    await body()
    print(label, ticker.count - 1)
    ticker.handle.cancel()


async def nothing():
    return 1


async def gather_one():
    await asyncio.gather(nothing())


async def gather_three():
    await asyncio.gather(nothing(), nothing(), nothing())


async def shield_one():
    await asyncio.shield(nothing())


async def wait_one():
    tasks = [asyncio.create_task(nothing())]
    await asyncio.wait(tasks)


async def as_completed_one():
    tasks = [asyncio.create_task(nothing())]
    for earliest in asyncio.as_completed(tasks):
        await earliest


async def group_one():
    async with asyncio.TaskGroup() as tg:
        tg.create_task(nothing())


async def amain():
    await cost("gather", gather_one)
    await cost("gather of three", gather_three)
    await cost("shield", shield_one)
    await cost("wait", wait_one)
    await cost("as_completed", as_completed_one)
    await cost("TaskGroup", group_one)


asyncio.run(amain())
