# Pins STR-06, STR-12: read(n) takes what is there and does not wait for n; read(0) never waits;
# read() goes to EOF; at_eof needs EOF and an empty buffer.
import asyncio


async def show(reader, n):
    print("read", n, await reader.read(n), reader.at_eof())


async def amain():
    reader = asyncio.StreamReader()
    await show(reader, 0)
    task = asyncio.create_task(show(reader, 4))
    await asyncio.sleep(0)
    reader.feed_data(b"")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("empty chunk wakes nobody", task.done())
    reader.feed_data(b"ab")
    reader.feed_data(b"cdef")
    await task
    await show(reader, 10)
    task = asyncio.create_task(show(reader, -1))
    await asyncio.sleep(0)
    reader.feed_data(b"one ")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    reader.feed_data(b"two")
    print(task.done())
    reader.feed_eof()
    print("eof fed", reader.at_eof())
    await task
    await show(reader, 4)
    await show(reader, -1)


asyncio.run(amain())
