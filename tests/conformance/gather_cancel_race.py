# TSK-35: cancelling the gather (or its awaiter) at every stage of its children's end: cancel() is
# accepted while a child can still be cancelled, else the request is delivered at the next step.
import asyncio


async def child(name, turns):
    try:
        for _ in range(turns):
            await asyncio.sleep(0)
    except asyncio.CancelledError:
        print("cancelled", name)
        raise
    return name


async def parent(children):
    try:
        print("parent got", await asyncio.gather(*children))
    except asyncio.CancelledError as e:
        print("parent", repr(e))
        raise


async def amain():
    for turns in range(6):
        children = [asyncio.create_task(child("a", 1)), asyncio.create_task(child("b", 2))]
        both = asyncio.gather(*children)
        for _ in range(turns):
            await asyncio.sleep(0)
        accepted = both.cancel()
        print("gather", turns, accepted, both.done(), [c.done() for c in children])
        await asyncio.wait([both])
        try:
            print(both.result())
        except asyncio.CancelledError:
            print("CancelledError", both.cancelled())
    for turns in range(6):
        children = [asyncio.create_task(child("a", 1)), asyncio.create_task(child("b", 2))]
        task = asyncio.create_task(parent(children))
        for _ in range(turns):
            await asyncio.sleep(0)
        accepted = task.cancel("stop")
        print("parent", turns, accepted, [c.done() for c in children])
        await asyncio.wait([task, *children])
        print(task.cancelled(), [c.cancelled() for c in children])


asyncio.run(amain())
