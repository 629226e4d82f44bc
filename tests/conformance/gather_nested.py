# TSK-35, TSK-36: cancelling the task that awaits nested gathers reaches the leaves in order, and
# the errors come back level by level.
import asyncio


async def leaf(name):
    print("start", name)
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        print("cancelled", name)
        raise


async def branch(name):
    try:
        await asyncio.gather(leaf(name + "1"), leaf(name + "2"))
    except asyncio.CancelledError:
        print("branch", name)
        raise


async def root():
    await asyncio.gather(branch("a"), branch("b"))


async def amain():
    task = asyncio.create_task(root())
    for i in range(4):
        await asyncio.sleep(0)
    print("cancel")
    task.cancel()
    for i in range(6):
        await asyncio.sleep(0)
        print("iteration", i, task.done())
    print(task.cancelled(), len(asyncio.all_tasks()))


asyncio.run(amain())
