# SCH-08: a cancelled handle releases the callable's arguments at once, a run one right after the
# call; the loop does not keep them until the timer would have fired.
import asyncio


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("released", self.name)


def use(noisy):
    print("used", noisy.name)


def main():
    loop = asyncio.new_event_loop()
    soon = loop.call_soon(use, Noisy("soon"))
    later = loop.call_later(3600, use, Noisy("later"))
    soon.cancel()
    print("soon cancelled")
    later.cancel()
    print("later cancelled")
    loop.call_soon(use, Noisy("run"))
    loop.call_soon(print, "next handle")
    loop.call_soon(loop.stop)
    loop.run_forever()
    loop.call_soon(use, Noisy("queued at close"))
    loop.close()
    print("closed")


main()
