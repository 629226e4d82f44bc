# EXH-04, RUN-13, LIF-06: KeyboardInterrupt and SystemExit from a callback break out of the run at
# once (no handler call); the handles left in the batch run in the next run.
import asyncio


def handler(loop, context):
    print("handler must not see it")


def interrupt():
    print("interrupt")
    raise KeyboardInterrupt


def leave():
    print("leave")
    raise SystemExit(3)


def main():
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(handler)
    loop.call_soon(print, "one")
    loop.call_soon(interrupt)
    loop.call_soon(print, "two")
    loop.call_soon(leave)
    loop.call_soon(print, "three")
    loop.call_soon(loop.stop)
    try:
        loop.run_forever()
    except KeyboardInterrupt:
        print("KeyboardInterrupt out", loop.is_running())
    try:
        loop.run_forever()
    except SystemExit:
        print("SystemExit out", loop.is_running())
    loop.run_forever()
    print("third run returned")
    loop.close()


main()
