# FUT-01, G-06: set_exception with an Exception, with CancelledError and with KeyboardInterrupt: a
# future finished with CancelledError is not cancelled(), but awaiting it raises CancelledError.
import asyncio


async def waiter(fut):
    try:
        await fut
    except Exception as e:
        print("Exception", repr(e))
    except BaseException as e:
        print("BaseException", repr(e))
        raise


async def amain():
    loop = asyncio.get_running_loop()
    for error in (ValueError("v"), asyncio.CancelledError("c")):
        fut = loop.create_future()
        fut.set_exception(error)
        print(fut.done(), fut.cancelled(), fut.exception() is error)
        task = asyncio.create_task(waiter(fut))
        await asyncio.wait([task])
        print("task", task.cancelled(), "future", fut.cancelled())
        try:
            fut.result()
        except asyncio.CancelledError as e:
            print("result", repr(e))
        except ValueError as e:
            print("result", repr(e))


asyncio.run(amain())
