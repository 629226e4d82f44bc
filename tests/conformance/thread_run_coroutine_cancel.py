# Pins TSK-46, FUT-12: cancelling the thread's future cancels the task on the loop; a task that ends
# cancelled cancels the thread's future.
import asyncio
import concurrent.futures
import threading

started = threading.Event()
log = []


async def sleeper():
    started.set()
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        log.append("task cancelled on the loop")
        raise


async def gives_up():
    await asyncio.sleep(0)
    raise asyncio.CancelledError


def worker(loop):
    future = asyncio.run_coroutine_threadsafe(sleeper(), loop)
    started.wait()
    log.append("cancel %s %s" % (future.cancel(), future.cancelled()))
    try:
        future.result()
    except concurrent.futures.CancelledError:
        log.append("future cancelled")
    other = asyncio.run_coroutine_threadsafe(gives_up(), loop)
    try:
        other.result()
    except concurrent.futures.CancelledError:
        log.append("other cancelled too")


async def amain():
    await asyncio.to_thread(worker, asyncio.get_running_loop())
    await asyncio.sleep(0)
    print(sorted(log), len(asyncio.all_tasks()))


asyncio.run(amain())
