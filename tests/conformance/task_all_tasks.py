# TSK-09: all_tasks() has every unfinished task of this loop (started or not, the caller too) and
# no finished ones; a finished task disappears as soon as its last step ends.
import asyncio


def names():
    return sorted(t.get_name() for t in asyncio.all_tasks())


async def child(count):
    for _ in range(count):
        await asyncio.sleep(0)


async def amain():
    asyncio.current_task().set_name("main")
    print(names())
    a = asyncio.create_task(child(0), name="a")
    b = asyncio.create_task(child(2), name="b")
    print(names())
    a.add_done_callback(lambda f: print("callback of a", names()))
    await asyncio.sleep(0)
    print(names())
    c = asyncio.create_task(child(1000), name="c")
    await asyncio.sleep(0)
    c.cancel()
    print("cancel requested", names())
    await asyncio.sleep(0)
    print(names(), a.done(), b.done(), c.done())
    await asyncio.sleep(0)
    print(names())


asyncio.run(amain())
