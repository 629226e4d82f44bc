# Section 0.1, G-04: awaits that cost two iterations: the one that completes the future and the one
# of the wake-up (0 or 1 means synchronous callbacks, 3 a relay through an extra handle).
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
    pass


async def future(loop):
    fut = loop.create_future()
    loop.call_soon(fut.set_result, 1)
    await fut


async def task(loop):
    t = asyncio.create_task(nothing())
    await t


async def contended_lock(loop):
    lock = asyncio.Lock()
    await lock.acquire()
    loop.call_soon(lock.release)
    await lock.acquire()


async def event_wait(loop):
    event = asyncio.Event()
    loop.call_soon(event.set)
    await event.wait()


async def queue_get(loop):
    queue = asyncio.Queue()
    loop.call_soon(queue.put_nowait, 1)
    await queue.get()


async def queue_put(loop):
    queue = asyncio.Queue(1)
    queue.put_nowait(1)
    loop.call_soon(queue.get_nowait)
    await queue.put(2)


async def semaphore_acquire(loop):
    semaphore = asyncio.Semaphore(0)
    loop.call_soon(semaphore.release)
    await semaphore.acquire()


async def amain():
    await cost("future", future)
    await cost("task", task)
    await cost("contended Lock", contended_lock)
    await cost("Event", event_wait)
    await cost("Queue.get", queue_get)
    await cost("Queue.put", queue_put)
    await cost("Semaphore", semaphore_acquire)


asyncio.run(amain())
