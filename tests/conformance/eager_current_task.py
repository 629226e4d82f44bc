# python >= 3.12
# TSK-28, TSK-08: inside the eager step current_task() is the new task; the creator is restored
# afterwards, also when the step throws; eager tasks nest.
import asyncio


async def leaf(creator, fail):
    print("leaf", asyncio.current_task() is creator, len(asyncio.all_tasks()))
    if fail:
        raise ValueError("leaf")


async def branch(creator):
    me = asyncio.current_task()
    print("branch", me is creator)
    inner = asyncio.create_task(leaf(me, False))
    print("branch again", asyncio.current_task() is me, inner.done())
    await asyncio.sleep(0)
    print("branch resumed", asyncio.current_task() is me)


async def amain():
    loop = asyncio.get_running_loop()
    main = asyncio.current_task()
    loop.set_task_factory(asyncio.eager_task_factory)
    task = asyncio.create_task(branch(main))
    print("main", asyncio.current_task() is main, len(asyncio.all_tasks()))
    failed = asyncio.create_task(leaf(main, True))
    print("main", asyncio.current_task() is main, repr(failed.exception()))
    loop.call_soon(lambda: print("callback", asyncio.current_task() is None))
    await task
    print("main", asyncio.current_task() is main, len(asyncio.all_tasks()))


asyncio.run(amain())
