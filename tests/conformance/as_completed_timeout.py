# TSK-45: on timeout the next one raises TimeoutError (and each that is left); the children are
# neither cancelled nor awaited.
import asyncio


async def work(fut):
    return await fut


async def amain():
    loop = asyncio.get_running_loop()
    futs = [loop.create_future() for _ in range(3)]
    tasks = [asyncio.create_task(work(f)) for f in futs]
    loop.call_soon(futs[1].set_result, "one")
    for earliest in asyncio.as_completed(tasks, timeout=0.01):
        try:
            print("got", await earliest)
        except asyncio.TimeoutError as e:
            print(repr(e))
    print([t.done() for t in tasks], [t.cancelling() for t in tasks])
    futs[0].set_result("zero")
    futs[2].set_result("two")
    for earliest in asyncio.as_completed(tasks, timeout=1000):
        await earliest
    print([t.result() for t in tasks])


asyncio.run(amain())
