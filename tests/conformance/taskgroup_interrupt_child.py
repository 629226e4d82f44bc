# Pins TGP-05, TSK-05: KeyboardInterrupt in a child leaves run_until_complete at once; when the loop
# runs again the group still cancels and awaits everybody and re-raises that very exception, not a
# group.
import asyncio


async def interrupted():
    await asyncio.sleep(0)
    print("interrupt")
    raise KeyboardInterrupt("ctrl-c")


async def sibling():
    try:
        await asyncio.sleep(10)
    finally:
        await asyncio.sleep(0)
        print("sibling cleaned up")
        raise ValueError("lost")


async def amain():
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(sibling())
            tg.create_task(interrupted())
    except KeyboardInterrupt as e:
        print("group raised", repr(e))
    print("cancelling", asyncio.current_task().cancelling())
    return "ok"


loop = asyncio.new_event_loop()
task = loop.create_task(amain())
try:
    loop.run_until_complete(task)
except KeyboardInterrupt as e:
    print("loop raised", repr(e), task.done())
print(loop.run_until_complete(task))
loop.close()
