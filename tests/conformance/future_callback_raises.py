# FUT-04: a callback that throws is reported through the exception handler ("Exception in
# callback"), the other callbacks and the awaiting task are not affected.
import asyncio


def handler(loop, context):
    print("handler:", context["message"][:21], repr(context["exception"]))


def bad(fut):
    print("bad")
    raise ValueError("from callback")


async def amain():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(handler)
    fut = loop.create_future()
    fut.add_done_callback(lambda f: print("one"))
    fut.add_done_callback(bad)
    fut.add_done_callback(lambda f: print("three"))
    loop.call_soon(fut.set_result, "ok")
    print(await fut)

    async def child():
        return "child result"

    task = asyncio.create_task(child())
    task.add_done_callback(bad)
    print(await task)
    task.add_done_callback(bad)
    await asyncio.sleep(0)
    print("end")


asyncio.run(amain())
