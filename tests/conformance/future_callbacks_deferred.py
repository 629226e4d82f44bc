# FUT-03, G-04: completing a future never runs callbacks inside set_result; each is one call_soon
# in registration order, also for callbacks added to a future that is already done.
import asyncio


async def amain():
    loop = asyncio.get_running_loop()
    fut = loop.create_future()
    fut.add_done_callback(lambda f: print("cb 1", f.result()))
    fut.add_done_callback(lambda f: print("cb 2", f is fut))
    loop.call_soon(print, "queued before")
    print("before set_result")
    fut.set_result(42)
    print("after set_result")
    loop.call_soon(print, "queued after")
    fut.add_done_callback(lambda f: print("cb 3, added when done"))
    print("after add")
    await asyncio.sleep(0)
    print("resumed")
    failed = loop.create_future()
    failed.add_done_callback(lambda f: print("failed cb", repr(f.exception())))
    failed.set_exception(ValueError("x"))
    print("after set_exception")
    cancelled = loop.create_future()
    cancelled.add_done_callback(lambda f: print("cancelled cb", f.cancelled()))
    cancelled.cancel()
    print("after cancel")
    await asyncio.sleep(0)


asyncio.run(amain())
