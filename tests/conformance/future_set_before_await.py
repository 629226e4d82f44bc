# G-05, section 0.1: awaiting a done future costs no iteration, a pending one resumes one iteration
# after the callback that completes it, and the wake-up queues behind what was there.
import asyncio


async def amain():
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    done.set_result("done")
    loop.call_soon(print, "not before the await returns")
    print(await done)
    print(await done)
    await asyncio.sleep(0)

    fut = loop.create_future()

    def complete():
        print("complete")
        fut.set_result("pending")
        loop.call_soon(print, "behind the wake-up")
        print("complete returns")

    loop.call_soon(complete)
    loop.call_soon(print, "same batch as complete")
    print(await fut)
    await asyncio.sleep(0)
    print("end")


asyncio.run(amain())
