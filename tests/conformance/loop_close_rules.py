# LIF-07, LIF-08: close() drops queued handles and timers without running them, twice is a no-op,
# it does not cancel anything; scheduling on a closed loop raises "Event loop is closed".
import asyncio


def main():
    loop = asyncio.new_event_loop()

    def inside():
        try:
            loop.close()
        except RuntimeError as e:
            print("RuntimeError", e)
        print(loop.is_running(), loop.is_closed())
        loop.stop()

    loop.call_soon(inside)
    loop.run_forever()
    fut = loop.create_future()
    fut.add_done_callback(lambda f: print("never"))
    handle = loop.call_soon(print, "never")
    loop.call_later(0, print, "never")
    print(loop.is_running(), loop.is_closed())
    loop.close()
    loop.close()
    print(loop.is_running(), loop.is_closed(), fut.done(), handle.cancelled())

    def attempt(name, call):
        try:
            call()
        except RuntimeError as e:
            print(name, "RuntimeError", e)

    attempt("call_soon", lambda: loop.call_soon(print))
    attempt("call_later", lambda: loop.call_later(1, print))
    attempt("call_at", lambda: loop.call_at(1, print))
    attempt("run_forever", loop.run_forever)
    attempt("run_until_complete", lambda: loop.run_until_complete(fut))
    attempt("run_in_executor", lambda: loop.run_in_executor(None, print))


main()
