# TSK-01, TSK-02: tasks that create tasks: first steps run breadth-first, generation by generation
# (an eager or depth-first start would print the tree in preorder).
import asyncio


async def node(name, depth, tasks):
    print("enter", name)
    if depth:
        tasks.append(asyncio.create_task(node(name + "0", depth - 1, tasks)))
        tasks.append(asyncio.create_task(node(name + "1", depth - 1, tasks)))
    print("spawned", name)
    await asyncio.sleep(0)
    print("leave", name)


async def amain():
    tasks = []
    root = asyncio.create_task(node("r", 2, tasks))
    await root
    print("root done", [t.done() for t in tasks])
    index = 0
    while index < len(tasks):
        task = tasks[index]
        await task
        index += 1
    print("all done", len(tasks))


asyncio.run(amain())
