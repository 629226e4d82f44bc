# Pins EXE-04, EXE-02: a cancelled job that still waits in the pool's queue never runs; the ones
# before and behind it do, in order.
import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

release = threading.Event()
log = []


def job(name):
    release.wait()
    log.append(name)
    return name


async def amain():
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1) as pool:
        futures = [loop.run_in_executor(pool, job, name) for name in "abcd"]
        await asyncio.sleep(0)
        print("cancel b", futures[1].cancel(), futures[1].cancelled())
        print("cancel again", futures[1].cancel())
        await asyncio.sleep(0)
        release.set()
        for name, future in zip("abcd", futures):
            try:
                print(name, await future)
            except asyncio.CancelledError:
                print(name, "cancelled")
    print(log)


asyncio.run(amain())
