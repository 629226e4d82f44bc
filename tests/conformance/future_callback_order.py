# FUT-03, TSK-47: waiters and callbacks of one future are served strictly in registration order,
# one handle each, interleaved FIFO with call_soon (a LIFO or waiters-first port fails).
import asyncio


async def waiter(name, fut):
    print(name, "waits")
    print(name, "got", await fut)


async def amain():
    loop = asyncio.get_running_loop()
    fut = loop.create_future()
    fut.add_done_callback(lambda f: print("callback 1"))
    a = asyncio.create_task(waiter("a", fut))
    await asyncio.sleep(0)
    fut.add_done_callback(lambda f: print("callback 2"))
    b = asyncio.create_task(waiter("b", fut))
    await asyncio.sleep(0)
    fut.add_done_callback(lambda f: print("callback 3"))
    loop.call_soon(print, "soon before")
    fut.set_result("value")
    loop.call_soon(print, "soon after")
    print("main got", await fut)
    await asyncio.sleep(0)
    print(a.done(), b.done())


asyncio.run(amain())
