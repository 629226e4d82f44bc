# LIF-04: run_until_complete stops through a done callback: a finished future still costs the
# iterations of that callback, queued handles run, what they schedule in the last one stays.
import asyncio


def main():
    loop = asyncio.new_event_loop()
    count = 0

    def tick():
        nonlocal count
        count += 1
        loop.call_soon(tick)

    loop.call_soon(tick)
    fut = loop.create_future()
    fut.set_result("ready")
    print(loop.run_until_complete(fut), count)
    count = 0
    pending = loop.create_future()
    loop.call_soon(pending.set_result, "late")
    print(loop.run_until_complete(pending), count)
    count = 0

    async def empty():
        return "coroutine"

    print(loop.run_until_complete(empty()), count)
    count = 0
    failed = loop.create_future()
    failed.set_exception(ValueError("failed"))
    try:
        loop.run_until_complete(failed)
    except ValueError as e:
        print(repr(e), count)
    loop.close()


main()
