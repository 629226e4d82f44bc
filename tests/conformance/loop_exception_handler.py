# EXH-01, FUT-04: a throwing callback goes to the exception handler (message, exception, handle),
# the rest of the batch and the loop go on; None restores the default handler.
import asyncio


def handler(loop, context):
    print("handler:", context["message"][:21], repr(context["exception"]))
    print("has handle", "handle" in context, "has future", "future" in context)


def bad(text):
    print("bad", text)
    raise ValueError(text)


def main():
    loop = asyncio.new_event_loop()
    print(loop.get_exception_handler() is None)
    loop.set_exception_handler(handler)
    print(loop.get_exception_handler() is None)
    loop.call_soon(bad, "one")
    loop.call_soon(print, "same batch")
    loop.call_later(0, bad, "timer")
    loop.call_soon(lambda: loop.call_soon(print, "next batch"))
    loop.call_later(0.005, loop.stop)
    loop.run_forever()
    loop.set_exception_handler(None)
    print(loop.get_exception_handler() is None)
    loop.close()


main()
