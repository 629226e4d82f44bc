# SCH-06: call_soon_threadsafe wakes a loop that is blocked with no timer armed (and one blocked on
# a distant timer); on a closed loop it raises RuntimeError.
import asyncio
import threading
import time


def poke(loop, fut, value):
    time.sleep(0.02)
    loop.call_soon_threadsafe(fut.set_result, value)


async def amain():
    loop = asyncio.get_running_loop()
    for value in (1, 2):
        fut = loop.create_future()
        thread = threading.Thread(target=poke, args=(loop, fut, value))
        print("waiting")
        thread.start()
        got = await fut
        print("got", got)
        thread.join()
        distant = loop.call_later(3600, print, "never")
    distant.cancel()


asyncio.run(amain())
loop = asyncio.new_event_loop()
loop.close()
try:
    loop.call_soon_threadsafe(print, "never")
except RuntimeError as e:
    print("RuntimeError", e)
