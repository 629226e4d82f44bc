# G-01, SCH-01: tasks that yield with sleep(0) take turns strictly FIFO with each other and with a
# self-rescheduling callback; a task that is not suspended is never interrupted.
import asyncio


async def worker(name, turns):
    for i in range(turns):
        print(name, i)
        if i == 1:
            print(name, "keeps the loop")
        await asyncio.sleep(0)
    print(name, "done")


async def amain():
    loop = asyncio.get_running_loop()

    def tick(left):
        print("tick", left)
        if left:
            loop.call_soon(tick, left - 1)

    a = asyncio.create_task(worker("a", 3))
    loop.call_soon(tick, 4)
    b = asyncio.create_task(worker("b", 2))
    c = asyncio.create_task(worker("c", 4))
    await c
    print(a.done(), b.done())


asyncio.run(amain())
