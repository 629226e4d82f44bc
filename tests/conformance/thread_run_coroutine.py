# Pins TSK-46, SCH-06: run_coroutine_threadsafe wakes a sleeping loop, runs the coroutine there and
# hands its result or exception to the thread.
import asyncio
import threading

main_thread = threading.current_thread()


async def add(a, b):
    await asyncio.sleep(0)
    print("adding on the loop's thread", threading.current_thread() is main_thread)
    if b < 0:
        raise ValueError("negative")
    return a + b


def worker(loop):
    log = []
    log.append(asyncio.run_coroutine_threadsafe(add(2, 3), loop).result())
    future = asyncio.run_coroutine_threadsafe(add(2, -3), loop)
    try:
        future.result()
    except ValueError as e:
        log.append(repr(e))
    log.append(repr(future.exception()))
    log.append(future.done())
    return log


async def amain():
    loop = asyncio.get_running_loop()
    for entry in await asyncio.to_thread(worker, loop):
        print(entry)


asyncio.run(amain())
