# Section 0.1, G-05: awaits that cost no iteration (finished coroutine, done future and task,
# gather(), empty TaskGroup, free lock and queue) and sleep(0), which costs exactly one.
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
    pass


async def nested():
    await nothing()
    await nothing()


async def done_future():
    fut = asyncio.get_running_loop().create_future()
    fut.set_result(1)
    await fut


async def empty_gather():
    await asyncio.gather()


async def empty_group():
    async with asyncio.TaskGroup():
        pass


async def free_lock():
    lock = asyncio.Lock()
    await lock.acquire()
    lock.release()


async def filled_queue():
    queue = asyncio.Queue()
    await queue.put(1)
    await queue.get()


async def set_event():
    event = asyncio.Event()
    event.set()
    await event.wait()


async def sleep_zero():
    await asyncio.sleep(0)


async def sleep_twice():
    await asyncio.sleep(0)
    await asyncio.sleep(-1)


async def amain():
    await cost("coroutine", nothing)
    await cost("nested coroutines", nested)
    await cost("done future", done_future)
    await cost("gather of nothing", empty_gather)
    await cost("empty TaskGroup", empty_group)
    await cost("free Lock", free_lock)
    await cost("filled Queue", filled_queue)
    await cost("set Event", set_event)
    await cost("sleep(0)", sleep_zero)
    await cost("sleep(0) and sleep(-1)", sleep_twice)


asyncio.run(amain())
