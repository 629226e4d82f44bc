# TSK-17: one request gives one throw: later awaits are not interrupted unless cancel() is called
# again, even though cancelling() stays above 0.
import asyncio


async def worker():
    task = asyncio.current_task()
    for round in range(3):
        try:
            await asyncio.sleep(1000)
        except asyncio.CancelledError as e:
            print("round", round, repr(e), task.cancelling())
        await asyncio.sleep(0)
        print("yielded")
        loop = asyncio.get_running_loop()
        fut = loop.create_future()
        loop.call_soon(fut.set_result, round)
        print("future", await fut)
    return "end"


async def amain():
    task = asyncio.create_task(worker())
    for round in range(3):
        for _ in range(5):
            await asyncio.sleep(0)
        print("cancel", round)
        task.cancel(str(round))
    print(await task)
    print(task.cancelled(), task.cancelling())


asyncio.run(amain())
