# TSK-32: gather starts its coroutines in argument order, lets them finish in any order and returns
# results in argument order; futures and coroutines mix.
import asyncio


async def work(name, turns):
    print("start", name)
    for _ in range(turns):
        await asyncio.sleep(0)
    print("end", name)
    return name


async def amain():
    loop = asyncio.get_running_loop()
    fut = loop.create_future()
    loop.call_soon(fut.set_result, "future")
    task = asyncio.create_task(work("task", 1))
    both = asyncio.gather(work("slow", 3), fut, work("quick", 0), task)
    print("gather returned", both.done())
    print(await both)
    many = [work(str(n), 3 - n) for n in range(3)]
    print(await asyncio.gather(*many))
    loop.call_soon(print, "an iteration passed")
    print(await both)
    await asyncio.sleep(0)


asyncio.run(amain())
