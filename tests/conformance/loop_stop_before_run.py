# LIF-02: stop() before run_forever() makes it run exactly one iteration (queued callbacks do run,
# a due timer too) without blocking on a distant timer.
import asyncio


def main():
    loop = asyncio.new_event_loop()

    def again(name):
        print(name)
        loop.call_soon(print, name + " child")

    loop.call_later(3600, print, "never")
    loop.call_later(0, print, "due timer")
    loop.call_soon(again, "queued")
    loop.stop()
    loop.run_forever()
    print("one iteration done")
    loop.stop()
    loop.stop()
    loop.run_forever()
    print("two stops are one")
    loop.stop()
    loop.run_forever()
    print("empty iteration")
    fut = loop.create_future()
    loop.stop()
    try:
        loop.run_until_complete(fut)
    except RuntimeError as e:
        print("RuntimeError", e)
    fut.cancel()
    loop.close()


main()
