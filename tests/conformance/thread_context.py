# Pins EXE-02, EXE-03: to_thread does nothing until awaited and runs in a copy of the caller's
# context; run_in_executor submits at the call and sees none of the caller's variables.
import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor

var = contextvars.ContextVar("var", default="unset")


def work(log):
    log.append(var.get())
    var.set("changed in the thread")
    return var.get()


async def amain():
    loop = asyncio.get_running_loop()
    log = []
    var.set("main")
    coro = asyncio.to_thread(work, log)
    await asyncio.sleep(0.01)
    print("before await", log)
    print(await coro, log, var.get())
    task = asyncio.create_task(asyncio.to_thread(work, log))
    var.set("after creation")
    print(await task, log, var.get())
    with ThreadPoolExecutor(1) as pool:
        first = loop.run_in_executor(pool, work, log)
        var.set("after submission")
        print(await first, log, var.get())


asyncio.run(amain())
