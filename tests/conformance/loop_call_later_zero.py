# SCH-03: call_later(0), a negative delay and call_at(past) all go through the timer path: never
# synchronous, behind the callbacks queued later in the same callback, one firing per iteration.
import asyncio


def main():
    loop = asyncio.new_event_loop()

    def start():
        print("start")
        loop.call_later(0, print, "later 0")
        loop.call_later(-1, print, "later -1")
        loop.call_at(loop.time() - 2, print, "at past")
        loop.call_soon(print, "soon, scheduled last")
        loop.call_soon(soon, 3)
        loop.call_later(0, later, 3)

    def soon(n):
        print("soon chain", n)
        if n:
            loop.call_soon(soon, n - 1)

    def later(n):
        print("timer chain", n)
        if n:
            loop.call_later(0, later, n - 1)
        else:
            loop.stop()

    loop.call_soon(start)
    loop.run_forever()
    loop.close()


main()
