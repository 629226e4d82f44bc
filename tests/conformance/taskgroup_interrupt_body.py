# Pins TGP-05: SystemExit in the body still cancels and awaits the children and is re-raised bare;
# what the children raised while leaving does not replace it.
import asyncio


async def child():
    try:
        await asyncio.sleep(10)
    finally:
        print("child cancelled")
        await asyncio.sleep(0)
        print("child done")
        raise ValueError("child")


async def amain():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: None)
    tasks = []
    try:
        async with asyncio.TaskGroup() as tg:
            tasks.append(tg.create_task(child()))
            await asyncio.sleep(0)
            raise SystemExit(3)
    except SystemExit as e:
        print("raised", type(e).__name__)
    print(tasks[0].done(), repr(tasks[0].exception()))
    print("cancelling", asyncio.current_task().cancelling())


asyncio.run(amain())
