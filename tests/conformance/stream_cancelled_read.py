# Pins STR-13, STR-12: cancelling a read loses nothing, be it before data comes or after the data
# has woken it; the next read gets everything.
import asyncio


async def read(reader, name):
    try:
        print(name, await reader.readexactly(4))
    except asyncio.CancelledError:
        print(name, "cancelled")
        raise


async def amain():
    reader = asyncio.StreamReader()
    a = asyncio.create_task(read(reader, "a"))
    await asyncio.sleep(0)
    a.cancel()
    reader.feed_data(b"ab")
    await asyncio.wait([a])
    b = asyncio.create_task(read(reader, "b"))
    await asyncio.sleep(0)
    reader.feed_data(b"cd")
    print("data is there, cancel", b.cancel())
    await asyncio.wait([b])
    await read(reader, "c")
    d = asyncio.create_task(read(reader, "d"))
    await asyncio.sleep(0)
    d.cancel()
    reader.feed_eof()
    await asyncio.wait([d])
    print(a.cancelled(), b.cancelled(), d.cancelled(), reader.at_eof())


asyncio.run(amain())
