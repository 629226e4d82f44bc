# SCH-01, G-03: call_soon is FIFO, every handle runs exactly once, and what a callback schedules
# queues behind everything that was already there (no depth-first execution).
import asyncio


def leaf(name):
    print("leaf", name)


def branch(loop, name):
    print("branch", name)
    loop.call_soon(leaf, name + "1")
    loop.call_soon(leaf, name + "2")


def main():
    loop = asyncio.new_event_loop()
    loop.call_soon(branch, loop, "a")
    loop.call_soon(leaf, "x")
    loop.call_soon(branch, loop, "b")
    loop.call_soon(leaf, "y")
    print("nothing ran yet")
    loop.call_soon(lambda: loop.call_soon(loop.stop))
    loop.run_forever()
    print("stopped")
    loop.call_soon(loop.stop)
    loop.run_forever()
    print("every handle ran once")
    loop.close()


main()
