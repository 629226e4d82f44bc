# Pins TGP-06, TSK-13: a body that raises before its children had their first step: they are
# cancelled and their code never runs (an eager or synchronous start would print).
import asyncio


async def child(name):
    print("never printed", name)


async def amain():
    tasks = []
    try:
        async with asyncio.TaskGroup() as tg:
            tasks.append(tg.create_task(child("a")))
            tasks.append(tg.create_task(child("b")))
            print("body raises")
            raise ValueError("early")
    except ExceptionGroup as g:
        print(list(g.exceptions))
    print([t.done() for t in tasks], [t.cancelled() for t in tasks])
    print("cancelling", asyncio.current_task().cancelling())


asyncio.run(amain())
