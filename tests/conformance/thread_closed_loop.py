# Pins SCH-06, LIF-08, EXE-06: submitting to a closed loop raises RuntimeError; a job that completes
# after its loop was closed is dropped silently.
import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

release = threading.Event()
log = []


def job():
    release.wait()
    log.append("job ran")
    return 1


async def submit(pool):
    asyncio.get_running_loop().run_in_executor(pool, job)
    print("submitted")


async def never():
    print("not reached")


pool = ThreadPoolExecutor(1)
loop = asyncio.new_event_loop()
loop.run_until_complete(submit(pool))
loop.close()
release.set()
pool.shutdown(wait=True)
print(log, loop.is_closed())
try:
    loop.call_soon_threadsafe(print, "not reached")
except RuntimeError as e:
    print(repr(e))
coro = never()
try:
    asyncio.run_coroutine_threadsafe(coro, loop)
except RuntimeError as e:
    print(repr(e))
coro.close()
try:
    loop.run_in_executor(None, print, "not reached")
except RuntimeError as e:
    print(repr(e))
