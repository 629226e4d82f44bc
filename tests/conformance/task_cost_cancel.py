# Section 0.1: awaiting a cancelled task costs two iterations (its step or inner wake-up, then the
# waiter's wake-up), also deep in a chain; timeout(0) around a blocking await costs two.
import asyncio


class Ticker:
    def __init__(self, loop):
        self.loop = loop
        self.count = 0
        self.tick()

    def tick(self):
        self.count += 1
        self.handle = self.loop.call_soon(self.tick)


async def sleeper(depth):
    if depth:
        await sleeper(depth - 1)
    else:
        await asyncio.sleep(1000)


async def not_started():
    ticker = Ticker(asyncio.get_running_loop())
    task = asyncio.create_task(sleeper(0))
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("not started", ticker.count - 1)
    ticker.handle.cancel()


async def cost(label, task):
    ticker = Ticker(asyncio.get_running_loop())
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print(label, ticker.count - 1)
    ticker.handle.cancel()


async def expire():
    ticker = Ticker(asyncio.get_running_loop())
    try:
        async with asyncio.timeout(0):
            await asyncio.sleep(1000)
    except TimeoutError:
        print("timeout(0)", ticker.count - 1)
    ticker.handle.cancel()


async def outer(task):
    await task


async def amain():
    await not_started()
    sleeping = asyncio.create_task(sleeper(0))
    await asyncio.sleep(0)
    await cost("sleeping", sleeping)
    deep = asyncio.create_task(sleeper(50))
    await asyncio.sleep(0)
    await cost("deep in a chain", deep)
    inner = asyncio.create_task(sleeper(0))
    waiting = asyncio.create_task(outer(inner))
    await asyncio.sleep(0)
    await cost("waiting for a task", waiting)
    print(inner.cancelled())
    await expire()


asyncio.run(amain())
