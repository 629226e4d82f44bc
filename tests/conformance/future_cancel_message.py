# FUT-02, TSK-21: the message of Future.cancel(msg) is in the CancelledError of result(),
# exception() and await; the second cancel() is refused and does not change it.
import asyncio


def read(name, call):
    try:
        call()
    except asyncio.CancelledError as e:
        print(name, repr(e))


async def waiter(fut):
    try:
        await fut
    except asyncio.CancelledError as e:
        print("waiter", repr(e))


async def amain():
    loop = asyncio.get_running_loop()
    plain = loop.create_future()
    plain.cancel()
    read("plain result", plain.result)
    fut = loop.create_future()
    first = fut.cancel("first")
    second = fut.cancel("second")
    print(first, second)
    read("exception", fut.exception)
    read("result", fut.result)
    read("result again", fut.result)
    awaited = loop.create_future()
    loop.call_soon(awaited.cancel, "while awaited")
    task = asyncio.create_task(waiter(awaited))
    await task
    try:
        await awaited
    except asyncio.CancelledError as e:
        print("main", repr(e))


asyncio.run(amain())
