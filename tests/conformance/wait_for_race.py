# python >= 3.12
# TSK-43: the inner finishes in the batch in which the deadline fires. Deadline callback before the
# waiter's resumption: TimeoutError, the result stays on the future; after it: the result.
import asyncio
import time


async def amain():
    loop = asyncio.get_running_loop()
    fut = loop.create_future()
    loop.call_later(0.005, fut.set_result, "finished")
    loop.call_soon(time.sleep, 0.03)
    try:
        print("got", await asyncio.wait_for(fut, 0.01))
    except TimeoutError as e:
        print(repr(e), fut.result())
    print(asyncio.current_task().cancelling())

    early = loop.create_future()

    def finish_then_block():
        early.set_result("resumed first")
        time.sleep(0.03)

    loop.call_soon(finish_then_block)
    print("got", await asyncio.wait_for(early, 0.01))
    print(asyncio.current_task().cancelling())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("not interrupted later")


asyncio.run(amain())
