# Pins STR-07: readexactly waits for all n bytes over any chunks, ignores the limit, keeps the
# surplus; at EOF it raises with the partial bytes and empties the buffer.
import asyncio


async def exactly(reader, n):
    try:
        print("exactly", n, await reader.readexactly(n))
    except asyncio.IncompleteReadError as e:
        print(str(e), e.partial, e.expected)


async def amain():
    reader = asyncio.StreamReader(limit=2)
    try:
        await reader.readexactly(-1)
    except ValueError as e:
        print(type(e).__name__)
    await exactly(reader, 0)
    task = asyncio.create_task(exactly(reader, 6))
    for chunk in (b"ab", b"cd", b"efgh"):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        print("feed", chunk, task.done())
        reader.feed_data(chunk)
    await task
    await exactly(reader, 1)
    task = asyncio.create_task(exactly(reader, 5))
    await asyncio.sleep(0)
    reader.feed_data(b"i")
    reader.feed_eof()
    await task
    print("at eof", reader.at_eof())
    await exactly(reader, 1)


asyncio.run(amain())
