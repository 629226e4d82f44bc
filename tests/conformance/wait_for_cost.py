# python >= 3.12
# Section 0.1, TSK-44: wait_for awaits the future itself: a future costs two iterations, a finished
# one and a coroutine that never suspends none (3.11: an extra task and an extra iteration).
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
    loop = asyncio.get_running_loop()
    ticker = Ticker(loop)
    await body(loop)
    print(label, ticker.count - 1)
    ticker.handle.cancel()


async def nothing():
    return 1


async def coroutine(loop):
    await asyncio.wait_for(nothing(), 10)


async def done_future(loop):
    fut = loop.create_future()
    fut.set_result(1)
    await asyncio.wait_for(fut, 10)


async def future(loop):
    fut = loop.create_future()
    loop.call_soon(fut.set_result, 1)
    await asyncio.wait_for(fut, 10)


async def forever(loop):
    fut = loop.create_future()
    loop.call_soon(fut.set_result, 1)
    await asyncio.wait_for(fut, None)


async def task(loop):
    t = asyncio.create_task(nothing())
    await asyncio.wait_for(t, 10)


async def amain():
    await cost("coroutine", coroutine)
    await cost("done future", done_future)
    await cost("future", future)
    await cost("future, no timeout", forever)
    await cost("task", task)


asyncio.run(amain())
