# Pins EXE-02, TSK-32: jobs that finish in reverse order still give results in argument order, and
# the loop goes on turning while they block their threads.
import asyncio
import threading

turn = [threading.Event() for _ in range(4)]
log = []


def job(i):
    turn[i].wait()
    log.append(i)
    if i > 0:
        turn[i - 1].set()
    return i * 10


async def amain():
    future = asyncio.gather(*[asyncio.to_thread(job, i) for i in range(3)])
    beats = 0
    for _ in range(5):
        await asyncio.sleep(0)
        beats += 1
    print("loop is alive", beats, future.done())
    turn[2].set()
    print(await future, log)


asyncio.run(amain())
