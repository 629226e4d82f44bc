# FUT-09: every retrieval and every waiter gets the same exception object, and awaiting a failed
# future that is done raises without an iteration.
import asyncio


class Boom(Exception):
    def __init__(self, text):
        super().__init__(text)
        self.seen = 0


async def waiter(name, fut):
    try:
        await fut
    except Boom as e:
        e.seen += 1
        print(name, e, e.seen)


async def amain():
    loop = asyncio.get_running_loop()
    fut = loop.create_future()
    tasks = [asyncio.create_task(waiter(n, fut)) for n in ("a", "b")]
    await asyncio.sleep(0)
    fut.set_exception(Boom("shared"))
    try:
        fut.result()
    except Boom as e:
        e.seen += 1
        print("result()", e.seen)
    await asyncio.sleep(0)
    loop.call_soon(print, "an iteration passed")
    await waiter("main", fut)
    await waiter("main again", fut)
    print(fut.exception() is fut.exception(), tasks[0].done(), tasks[1].done())
    await asyncio.sleep(0)


asyncio.run(amain())
