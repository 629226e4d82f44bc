# Pins EXE-08: the end of the process sends idle workers home and waits for running and queued jobs,
# also of an executor that nobody refers to any more.
import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

main_ended = threading.Event()
busy = ThreadPoolExecutor(1)
idle = ThreadPoolExecutor(2)


def job(name):
    main_ended.wait()
    print("job", name)


async def amain():
    loop = asyncio.get_running_loop()
    print(await loop.run_in_executor(idle, abs, -3))
    for name in ("running", "queued"):
        loop.run_in_executor(busy, job, name)


asyncio.run(amain())
dropped = ThreadPoolExecutor(1)
dropped.submit(main_ended.wait)
del dropped
print("main ends")
main_ended.set()
