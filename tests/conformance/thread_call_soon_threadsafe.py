# Pins SCH-06, SCH-01: calls from a thread arrive in its order and wake a loop that sleeps; the
# callbacks run on the loop's thread, never inside the call.
import asyncio
import threading


async def amain():
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    loop_thread = threading.current_thread()
    seen = []

    def arrive(i):
        seen.append(i)
        if threading.current_thread() is not loop_thread:
            print("wrong thread")
        if i == 999:
            done.set_result("all")

    def worker():
        for i in range(1000):
            loop.call_soon_threadsafe(arrive, i)

    thread = threading.Thread(target=worker)
    thread.start()
    print(await asyncio.wait_for(done, 10))
    thread.join()
    print(seen == list(range(1000)))

    loop.call_soon(print, "one")
    loop.call_soon_threadsafe(print, "two")
    loop.call_soon(print, "three")
    loop.call_soon_threadsafe(print, "four").cancel()
    print("not yet")
    await asyncio.sleep(0)
    print("after one turn")


asyncio.run(amain())
