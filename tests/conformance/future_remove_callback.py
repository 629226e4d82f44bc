# FUT-05: remove_done_callback removes a registered callback and says how many; it has no effect on
# callbacks that completion has already scheduled.
import asyncio


async def amain():
    loop = asyncio.get_running_loop()
    fut = loop.create_future()

    def one(f):
        print("one")

    def two(f):
        print("two")

    def three(f):
        print("three")

    fut.add_done_callback(one)
    fut.add_done_callback(two)
    fut.add_done_callback(three)
    print("removed", fut.remove_done_callback(two))
    print("removed", fut.remove_done_callback(two))
    fut.set_result(None)
    print("removed", fut.remove_done_callback(three))
    await asyncio.sleep(0)
    late = loop.create_future()
    late.add_done_callback(one)
    print("removed", late.remove_done_callback(one))
    late.set_result(None)
    await asyncio.sleep(0)
    late.add_done_callback(two)
    print("removed", late.remove_done_callback(two))
    await asyncio.sleep(0)
    print("end")


asyncio.run(amain())
