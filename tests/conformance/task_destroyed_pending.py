# TSK-24, LIF-07: a task that is still pending when the loop is closed and dropped is reported once
# as "Task was destroyed but it is pending!"; close() does not run its code.
import asyncio
import gc


def handler(loop, context):
    print("handler:", context["message"], context["task"].get_name())


async def forever(loop):
    print("started")
    fut = loop.create_future()
    try:
        await fut
    except asyncio.CancelledError:
        print("close() must not cancel")
        raise
    print("never")


async def quick():
    return "quick"


def main():
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(handler)
    task = loop.create_task(forever(loop), name="stuck")
    done = loop.create_task(quick(), name="done")
    print(loop.run_until_complete(done), task.done())
    loop.close()
    task = None
    done = None
    loop = None
    gc.collect()
    print("end")


main()
