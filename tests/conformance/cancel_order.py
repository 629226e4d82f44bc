# G-04, TSK-12: tasks cancelled in one batch unwind in the order of the cancel() calls, in the next
# iteration, FIFO with call_soon; their done callbacks follow one iteration later.
import asyncio


async def worker(name):
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        print("cancelled", name)
        raise
    finally:
        print("finally", name)


async def amain():
    loop = asyncio.get_running_loop()
    tasks = {n: asyncio.create_task(worker(n)) for n in "abcd"}
    for name, task in tasks.items():
        task.add_done_callback(lambda t, name=name: print("done callback", name))
    await asyncio.sleep(0)
    loop.call_soon(print, "soon 1")
    tasks["c"].cancel()
    tasks["a"].cancel()
    loop.call_soon(print, "soon 2")
    tasks["d"].cancel()
    print("requested")
    await asyncio.sleep(0)
    print("main", [n for n, t in tasks.items() if t.done()])
    await asyncio.sleep(0)
    tasks["b"].cancel()
    await asyncio.wait([tasks["b"]])
    print("end")


asyncio.run(amain())
