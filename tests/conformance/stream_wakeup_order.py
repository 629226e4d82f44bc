# Pins STR-06, G-04 and section 0.1: feed_data runs nobody: a blocked read resumes two iterations
# later and then takes all that was fed meanwhile.
import asyncio


def tick(n, last):
    print("tick", n)
    if n < last:
        asyncio.get_running_loop().call_soon(tick, n + 1, last)


async def read(reader):
    while True:
        data = await reader.read(100)
        print("read", data)
        if not data:
            break


async def amain():
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    task = asyncio.create_task(read(reader))
    await asyncio.sleep(0)
    loop.call_soon(tick, 1, 7)
    loop.call_soon(reader.feed_data, b"a")
    loop.call_soon(reader.feed_data, b"b")
    await asyncio.sleep(0)
    reader.feed_data(b"c")
    print("fed three times")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    reader.feed_data(b"d")
    reader.feed_eof()
    await task
    print("end")


asyncio.run(amain())
