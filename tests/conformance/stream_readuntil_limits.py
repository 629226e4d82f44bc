# Pins STR-08: the limit counts the bytes before the separator; an overrun says how much can be
# skipped and leaves the buffer as it was; the buffer is looked at before EOF.
import asyncio


async def until(reader, separator):
    try:
        print("until", separator, await reader.readuntil(separator))
    except asyncio.LimitOverrunError as e:
        print(str(e), e.consumed)
    except asyncio.IncompleteReadError as e:
        print("incomplete", e.partial, e.expected)


async def amain():
    reader = asyncio.StreamReader(limit=4)
    reader.feed_data(b"abcd\nefghi\n")
    await until(reader, b"\n")
    await until(reader, b"\n")
    print(await reader.readexactly(6))
    reader.feed_data(b"abcdefg-")
    await until(reader, b"--")
    await until(reader, b"--")
    print(await reader.read(100))
    reader.feed_data(b"xy\nrest")
    reader.feed_eof()
    await until(reader, b"\n")
    await until(reader, b"\n")
    print("at eof", reader.at_eof())
    await until(reader, b"\n")
    try:
        await reader.readuntil(b"")
    except ValueError as e:
        print(type(e).__name__)


asyncio.run(amain())
