# python >= 3.12
# TSK-25: with an eager factory a task created while the loop does not run is scheduled normally,
# FIFO with call_soon.
import asyncio


async def work(name):
    print("start", name)
    await asyncio.sleep(0)
    print("end", name)
    return name


async def parent():
    print("parent")
    task = asyncio.create_task(work("eager"))
    print("child created", task.done())
    return await task


def main():
    loop = asyncio.new_event_loop()
    loop.set_task_factory(asyncio.eager_task_factory)
    loop.call_soon(print, "soon 1")
    task = loop.create_task(work("lazy"))
    loop.call_soon(print, "soon 2")
    print("created", task.done())
    print(loop.run_until_complete(task))
    print(loop.run_until_complete(parent()))
    loop.close()


main()
