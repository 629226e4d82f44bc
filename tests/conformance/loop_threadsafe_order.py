# SCH-06: call_soon_threadsafe made on the loop's own thread keeps its place among call_soon calls,
# and calls made by another thread keep that thread's order.
import asyncio
import threading


def main():
    loop = asyncio.new_event_loop()

    def other():
        for i in range(4):
            loop.call_soon_threadsafe(print, "thread", i)

    def first():
        loop.call_soon(print, "soon 1")
        loop.call_soon_threadsafe(print, "safe 1")
        loop.call_soon(print, "soon 2")
        loop.call_soon_threadsafe(print, "safe 2")
        cancelled = loop.call_soon_threadsafe(print, "cancelled")
        cancelled.cancel()
        loop.call_soon(print, "soon 3")
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        print("first done")

    loop.call_soon(first)
    loop.call_later(0.01, loop.stop)
    loop.run_forever()
    loop.close()


main()
