# TSK-12, FUT-01: cancelling one of two tasks that await a future cancels the future itself, so the
# other waiter gets CancelledError too, in registration order.
import asyncio


async def waiter(name, fut):
    try:
        print(name, await fut)
    except asyncio.CancelledError as e:
        print(name, repr(e), asyncio.current_task().cancelling())
        raise


async def amain():
    loop = asyncio.get_running_loop()
    fut = loop.create_future()
    fut.add_done_callback(lambda f: print("callback", f.cancelled()))
    a = asyncio.create_task(waiter("a", fut))
    b = asyncio.create_task(waiter("b", fut))
    await asyncio.sleep(0)
    b.cancel("stop b")
    print("future", fut.cancelled(), "tasks", a.cancelled(), b.cancelled())
    await asyncio.sleep(0)
    print("tasks", a.cancelled(), b.cancelled())
    print(a.cancelling(), b.cancelling())
    try:
        fut.set_result(1)
    except asyncio.InvalidStateError:
        print("InvalidStateError")


asyncio.run(amain())
