# G-02: in one iteration the handles already queued run before the due timers, whichever was
# scheduled first; a blocked callback makes a timer late, never early.
import asyncio
import time


def main():
    loop = asyncio.new_event_loop()

    def first():
        print("first")
        loop.call_later(0.001, timer)
        loop.call_soon(second)
        time.sleep(0.01)

    def second():
        print("second, with the timer already due")
        loop.call_soon(third)

    def timer():
        print("timer, same iteration as second")
        loop.call_soon(fourth)

    def third():
        print("third")

    def fourth():
        print("fourth")
        loop.stop()

    loop.call_soon(first)
    loop.run_forever()
    loop.close()


main()
