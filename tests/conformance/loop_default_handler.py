# EXH-02: the default handler logs one ERROR record: the message (or its default), then "key:
# value" lines sorted by key.
import asyncio
import logging


class Sink(logging.Handler):
    def emit(self, record):
        print(record.levelname)
        for line in record.getMessage().split("\n"):
            print("|", line)
        print("exc_info", repr(record.exc_info[1]) if record.exc_info else None)


def main():
    logger = logging.getLogger("asyncio")
    logger.propagate = False
    logger.addHandler(Sink())
    loop = asyncio.new_event_loop()
    loop.call_exception_handler({"message": "plain"})
    loop.call_exception_handler({"message": "extras", "zeta": "z", "alpha": "a"})
    loop.call_exception_handler({"message": "error", "exception": ValueError("v")})
    loop.default_exception_handler({"message": ""})
    loop.close()


main()
