# FUT-06: a done callback may add and remove callbacks of its own future: the scheduled ones all
# run, an added one runs in the next iteration.
import asyncio


async def amain():
    loop = asyncio.get_running_loop()
    fut = loop.create_future()

    def added(f):
        print("added")

    def second(f):
        print("second")

    def first(f):
        print("first")
        print("removed", f.remove_done_callback(second))
        f.add_done_callback(added)
        f.add_done_callback(added_too)
        loop.call_soon(print, "soon from first")

    def added_too(f):
        print("added too")
        if f.result() < 3:
            nested = loop.create_future()
            nested.add_done_callback(added_too)
            nested.set_result(f.result() + 1)

    fut.add_done_callback(first)
    fut.add_done_callback(second)
    fut.set_result(1)
    for i in range(5):
        print("iteration", i)
        await asyncio.sleep(0)


asyncio.run(amain())
