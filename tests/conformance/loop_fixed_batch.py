# SCH-02, G-02, G-03: an iteration runs exactly the handles that were ready when it began, so a
# self-rescheduling callback cannot starve a due timer (draining until empty would).
import asyncio


def chain(loop, name, left):
    print(name, left)
    if name == "a" and left == 3:
        loop.call_later(0, timer, loop)
    if left:
        loop.call_soon(chain, loop, name, left - 1)


def timer(loop):
    print("timer")
    loop.call_soon(print, "after timer")


def main():
    loop = asyncio.new_event_loop()
    loop.call_soon(chain, loop, "a", 4)
    loop.call_soon(chain, loop, "b", 5)

    def end(n):
        if n:
            loop.call_soon(end, n - 1)
        else:
            print("stop")
            loop.stop()

    loop.call_soon(end, 3)
    loop.run_forever()
    print("second run")
    loop.call_soon(end, 1)
    loop.run_forever()
    loop.close()


main()
