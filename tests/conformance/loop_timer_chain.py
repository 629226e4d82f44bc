# SCH-02, SCH-03: a timer callback that re-arms itself, cancels a due sibling, cancels itself and
# arms a timer in the past: all of that counts for the next iteration, never for the current one.
import asyncio
import time


def main():
    loop = asyncio.new_event_loop()
    handles = {}

    def again(left):
        print("again", left)
        handles["again"].cancel()
        if left:
            handles["again"] = loop.call_later(0, again, left - 1)

    def killer():
        print("killer")
        handles["due"].cancel()
        handles["later"].cancel()
        loop.call_at(loop.time() - 1, print, "armed in the past")
        loop.call_soon(print, "soon from killer")

    def setup():
        now = loop.time()
        handles["killer"] = loop.call_at(now + 0.001, killer)
        handles["due"] = loop.call_at(now + 0.002, print, "due, but cancelled")
        handles["again"] = loop.call_at(now + 0.003, again, 2)
        handles["later"] = loop.call_at(now + 0.05, print, "cancelled before it is due")
        loop.call_at(now + 0.06, loop.stop)
        time.sleep(0.01)

    loop.call_soon(setup)
    loop.run_forever()
    print(handles["due"].cancelled(), handles["again"].cancelled(), handles["killer"].cancelled())
    loop.close()


main()
