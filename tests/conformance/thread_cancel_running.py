# Pins EXE-04: cancelling the await of a running job raises CancelledError at once; the job runs to
# its end and its result, or error, is dropped without a report.
import asyncio
import threading

release = threading.Event()
finished = threading.Event()
log = []


def job(fail):
    log.append("job started")
    release.wait()
    log.append("job ended")
    finished.set()
    if fail:
        raise ValueError("nobody hears this")
    return "dropped"


async def amain():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: print("reported", context["message"]))
    for fail in (False, True):
        task = asyncio.create_task(asyncio.to_thread(job, fail))
        while len(log) % 2 == 0:
            await asyncio.sleep(0.001)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            print("cancelled while", log[-1])
        release.set()
        finished.wait()
        await asyncio.sleep(0.01)
        print(task.cancelled(), log)
        release.clear()
        finished.clear()


asyncio.run(amain())
