# RUN-03: on every exit run() cancels leftovers, runs them to their end (they may still await),
# then closes asynchronous generators, then joins the executor, then closes the loop.
import asyncio
import time


async def leftover():
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        print("leftover cancelled")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        print("leftover finished")
        raise


async def numbers():
    try:
        yield 1
        yield 2
    except GeneratorExit:
        print("generator closed")
        raise


def blocking():
    time.sleep(0.05)
    print("executor job finished")


async def amain(box):
    loop = asyncio.get_running_loop()
    box.append(loop)
    box.append(asyncio.create_task(leftover()))
    box.append(numbers())
    print(await box[2].__anext__())
    loop.run_in_executor(None, blocking)
    await asyncio.sleep(0)
    print("main returns")
    return "result"


box = []
print(asyncio.run(amain(box)))
print(box[0].is_closed(), box[1].cancelled())
