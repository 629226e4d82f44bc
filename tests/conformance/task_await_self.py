# TSK-06: a task that awaits itself gets RuntimeError "Task cannot await on itself: ..." at the
# await, delivered as its next step, so that it can catch it and go on.
import asyncio


async def selfish(box):
    loop = asyncio.get_running_loop()
    loop.call_soon(print, "an iteration passed")
    try:
        await box[0]
    except RuntimeError as e:
        print("RuntimeError", str(e).split(":")[0])
    await asyncio.sleep(0)
    return "survived"


async def stubborn(box):
    await box[1]


async def amain():
    box = []
    box.append(asyncio.create_task(selfish(box)))
    box.append(asyncio.create_task(stubborn(box)))
    print(await box[0])
    try:
        await box[1]
    except RuntimeError as e:
        print("main", str(e).split(":")[0])
    print(box[1].cancelled(), box[1].done())


asyncio.run(amain())
