# Pins LCK-13: a negative value is refused; BoundedSemaphore refuses a release above its bound and
# stays usable, the plain one just grows.
import asyncio


async def amain():
    try:
        asyncio.Semaphore(-1)
    except ValueError as e:
        print(type(e).__name__)
    try:
        asyncio.BoundedSemaphore(-1)
    except ValueError as e:
        print(type(e).__name__)
    bounded = asyncio.BoundedSemaphore(2)
    await bounded.acquire()
    bounded.release()
    try:
        bounded.release()
    except ValueError as e:
        print(repr(e))
    print(await bounded.acquire(), await bounded.acquire(), bounded.locked())
    plain = asyncio.Semaphore(0)
    plain.release()
    plain.release()
    print(await plain.acquire(), await plain.acquire(), plain.locked())


asyncio.run(amain())
