# Pins SCH-06, FUT-03: a thread completes a future through call_soon_threadsafe; waiters resume in
# order on the loop, two iterations later, and the thread runs none of their code.
import asyncio
import threading


async def waiter(future, name):
    print(name, await future)


async def amain():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    future.add_done_callback(lambda f: print("callback", f.result()))
    tasks = [asyncio.create_task(waiter(future, name)) for name in "abc"]
    await asyncio.sleep(0)

    def worker():
        loop.call_soon_threadsafe(future.set_result, 42)

    thread = threading.Thread(target=worker)
    thread.start()
    thread.join()
    print("thread ended", future.done())
    await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    print("done", future.result())


asyncio.run(amain())
