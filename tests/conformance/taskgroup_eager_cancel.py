# python >= 3.15
# Pins TGP-14, TGP-17: a child that ends the group from inside its eager first step is not
# registered yet; it is cancelled right after, like the body at its next await.
import asyncio


async def child(tg):
    print("eager child starts")
    tg.cancel()
    try:
        await asyncio.sleep(10)
        print("not reached")
    except asyncio.CancelledError:
        print("eager child cancelled")
        raise


async def amain():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    parent = asyncio.current_task()
    tasks = []
    async with asyncio.TaskGroup() as tg:
        tasks.append(tg.create_task(child(tg)))
        print("created", tasks[0].done(), tasks[0].cancelling(), parent.cancelling())
        await asyncio.sleep(0)
        print("not reached")
    print("left", tasks[0].cancelled(), parent.cancelling())


asyncio.run(amain())
