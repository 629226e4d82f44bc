# LIF-04: stop() before the future is done makes run_until_complete raise "Event loop stopped
# before Future completed."; the task is still alive and a later run finishes it.
import asyncio


async def work(loop):
    print("work started")
    loop.call_soon(loop.stop)
    await asyncio.sleep(0)
    print("work step 2")
    await asyncio.sleep(0)
    print("work step 3")
    return "result"


def main():
    loop = asyncio.new_event_loop()
    task = loop.create_task(work(loop))
    try:
        loop.run_until_complete(task)
    except RuntimeError as e:
        print("RuntimeError", e)
    print("done", task.done(), "running", loop.is_running())
    print(loop.run_until_complete(task))
    print(loop.run_until_complete(task))
    loop.close()


main()
