# RUN-03, TSK-13: leftovers that never started are cancelled without executing their body; what was
# queued when main ended still runs, and what main's own done callback started is a leftover too.
import asyncio


async def never(name):
    print("must not run", name)


async def leftover():
    print("leftover starts")
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        print("leftover ends")
        raise


async def amain(tasks):
    tasks.append(asyncio.create_task(leftover()))
    await asyncio.sleep(0)

    def ended(main):
        print("main ended", main.done())
        tasks.append(asyncio.create_task(never("created by the callback")))

    asyncio.current_task().add_done_callback(ended)
    asyncio.get_running_loop().call_soon(print, "queued callback still runs")
    print("main returns")
    return 3


tasks = []
print(asyncio.run(amain(tasks)))
print([t.cancelled() for t in tasks])
