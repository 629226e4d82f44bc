# EXH-03: when the custom handler throws, the default handler logs "Unhandled error in exception
# handler" with the original under "context"; nothing propagates and the loop goes on.
import asyncio
import logging


class Sink(logging.Handler):
    def emit(self, record):
        print("log", record.levelname, record.getMessage().split("\n")[0])
        text = record.getMessage()
        print("mentions original", "context: " in text, "ValueError('" in text)


def handler(loop, context):
    print("handler", repr(context["exception"]))
    raise TypeError("broken handler")


def bad():
    raise ValueError("original")


def main():
    logger = logging.getLogger("asyncio")
    logger.propagate = False
    logger.addHandler(Sink())
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(handler)
    loop.call_soon(bad)
    loop.call_soon(print, "still running")
    loop.call_soon(loop.stop)
    loop.run_forever()
    loop.call_exception_handler({"message": "direct", "exception": ValueError("direct")})
    print("nothing propagated")
    loop.close()


main()
