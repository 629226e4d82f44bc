# TSK-05, RUN-13: KeyboardInterrupt and SystemExit raised by a task are stored in it *and* thrown
# out of the loop run; an ordinary exception is only stored.
import asyncio


async def interrupted():
    await asyncio.sleep(0)
    raise KeyboardInterrupt


async def leaving():
    raise SystemExit(4)


async def failing():
    raise ValueError("stored")


def main():
    loop = asyncio.new_event_loop()
    task = loop.create_task(interrupted())
    exits = loop.create_task(leaving())
    fails = loop.create_task(failing())
    loop.call_soon(print, "same batch as the first steps")
    for i in range(3):
        try:
            loop.stop()
            loop.run_forever()
            print("run", i, "returned")
        except KeyboardInterrupt:
            print("run", i, "KeyboardInterrupt")
        except SystemExit:
            print("run", i, "SystemExit")
        print(task.done(), exits.done(), fails.done(), loop.is_running())
    print(type(task.exception()).__name__, task.cancelled())
    print(type(exits.exception()).__name__)
    print(repr(fails.exception()))
    loop.close()


main()
