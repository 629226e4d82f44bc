# TSK-45: as_completed delivers in the order of completion, not of the arguments; errors are raised
# by the one that is next; equal inputs collapse to one.
import asyncio


async def work(name, turns):
    for _ in range(turns):
        await asyncio.sleep(0)
    print("ends", name)
    if name == "bad":
        raise ValueError(name)
    return name


async def amain():
    tasks = [
        asyncio.create_task(work(n, c)) for n, c in (("c", 6), ("a", 0), ("bad", 4), ("b", 2))
    ]
    for earliest in asyncio.as_completed(tasks):
        try:
            print("got", await earliest)
        except ValueError as e:
            print("raised", repr(e))
    for earliest in asyncio.as_completed([tasks[0], tasks[1], tasks[0]]):
        await earliest
        print("one of two")
    print([t.done() for t in tasks])


asyncio.run(amain())
