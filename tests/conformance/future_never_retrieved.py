# FUT-07: "Future exception was never retrieved" is reported once when the last handle dies unread;
# result(), exception(), awaiting and cancel() each count as retrieval.
import asyncio


def handler(loop, context):
    print("handler:", context["message"], repr(context["exception"]), "future" in context)


def failed(loop, text):
    fut = loop.create_future()
    fut.set_exception(ValueError(text))
    return fut


async def amain():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(handler)
    fut = failed(loop, "unread")
    copy = fut
    fut = None
    await asyncio.sleep(0)
    print("a handle is left", copy.done())
    copy = None
    await asyncio.sleep(0)
    fut = failed(loop, "exception read")
    print(repr(fut.exception()))
    fut = failed(loop, "result read")
    try:
        fut.result()
    except ValueError as e:
        print(e)
    fut = failed(loop, "awaited")
    try:
        await fut
    except ValueError as e:
        print(e)
    fut = failed(loop, "cancel called")
    print(fut.cancel())
    fut = failed(loop, "callback only")
    fut.add_done_callback(lambda f: print("callback does not read"))
    await asyncio.sleep(0)
    fut = None
    await asyncio.sleep(0)
    print("end")


asyncio.run(amain())
