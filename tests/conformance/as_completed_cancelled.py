# TSK-45, TSK-12: a task cancelled while it waits for the next completion leaves the children
# running and loses no completion: another consumer goes on with the same iterator.
import asyncio


async def work(name, fut):
    await fut
    return name


async def consume(name, iterator, count):
    try:
        for _ in range(count):
            print(name, "got", await next(iterator))
    except asyncio.CancelledError:
        print(name, "cancelled")
        raise


async def amain():
    loop = asyncio.get_running_loop()
    futs = [loop.create_future() for _ in range(4)]
    tasks = [asyncio.create_task(work("t" + str(i), f)) for i, f in enumerate(futs)]
    iterator = iter(asyncio.as_completed(tasks))
    first = asyncio.create_task(consume("first", iterator, 4))
    futs[2].set_result(None)
    for _ in range(4):
        await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait([first])
    print(first.cancelled(), [t.done() for t in tasks], [t.cancelling() for t in tasks])
    futs[3].set_result(None)
    futs[0].set_result(None)
    second = asyncio.create_task(consume("second", iterator, 2))
    await second
    futs[1].set_result(None)
    print(await tasks[1])


asyncio.run(amain())
