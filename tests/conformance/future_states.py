# FUT-01, FUT-02: pending, finished and cancelled futures: what done/cancelled/result/exception
# say, with the texts of the errors; set_* on a done future raises InvalidStateError.
import asyncio


def attempt(name, call):
    try:
        print(name, repr(call()))
    except asyncio.InvalidStateError:
        print(name, "InvalidStateError")
    except asyncio.CancelledError as e:
        print(name, repr(e))
    except ValueError as e:
        print(name, "raises", repr(e))


def show(title, fut):
    print(title, fut.done(), fut.cancelled())
    attempt("result", fut.result)
    attempt("exception", fut.exception)
    attempt("cancel", fut.cancel)


async def amain():
    loop = asyncio.get_running_loop()
    pending, value, failed, cancelled = [loop.create_future() for _ in range(4)]
    try:
        pending.exception()
    except asyncio.InvalidStateError as e:
        print(e)
    value.set_result(5)
    failed.set_exception(ValueError("bad"))
    print(cancelled.cancel(), cancelled.cancel())
    show("value", value)
    show("failed", failed)
    show("cancelled", cancelled)
    for name, fut in (("value", value), ("failed", failed), ("cancelled", cancelled)):
        attempt(name + " set_result", lambda: fut.set_result(1))
        attempt(name + " set_exception", lambda: fut.set_exception(ValueError("again")))
    print(value.result())
    show("pending", pending)


asyncio.run(amain())
