# TSK-33: the first exception completes the gather at once; the siblings are neither cancelled nor
# awaited, and their later exceptions are never reported.
import asyncio


def handler(loop, context):
    print("must not be reported", context["message"])


async def fail(name, turns):
    for _ in range(turns):
        await asyncio.sleep(0)
    print("fails", name)
    raise ValueError(name)


async def work(name, turns):
    for _ in range(turns):
        await asyncio.sleep(0)
    print("ends", name)
    return name


async def amain():
    asyncio.get_running_loop().set_exception_handler(handler)
    slow = asyncio.create_task(work("slow", 5))
    late = asyncio.create_task(fail("late", 4))
    both = asyncio.gather(slow, fail("first", 1), late)
    try:
        await both
    except ValueError as e:
        print(repr(e), both.done(), both.cancelled())
    print(slow.done(), late.done(), slow.cancelling())
    for _ in range(4):
        await asyncio.sleep(0)
    print(slow.done(), late.done())
    late = None
    await asyncio.sleep(0)
    print(repr(both.exception()))


asyncio.run(amain())
