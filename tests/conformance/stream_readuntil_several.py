# python >= 3.13
# Pins STR-09: with several separators the match that ends first wins, and of those the shortest one
# tells where the data ends when the limit is checked; empty ones are refused.
import asyncio


async def until(reader, separators):
    try:
        print("until", await reader.readuntil(separators))
    except asyncio.LimitOverrunError as e:
        print(str(e), e.consumed)
    except ValueError as e:
        print(type(e).__name__)


async def amain():
    reader = asyncio.StreamReader(limit=4)
    reader.feed_data(b"a\r\nb\nc\r\r\n")
    for _ in range(4):
        await until(reader, (b"\r\n", b"\n", b"\r"))
    reader.feed_data(b"xyABC")
    await until(reader, (b"ABC", b"AB"))
    print(await reader.read(10))
    reader.feed_data(b"xyABC")
    await until(reader, (b"ABC", b"BC"))
    reader.feed_data(b"123ABC")
    await until(reader, (b"ABC", b"C"))
    print(await reader.read(10))
    await until(reader, ())
    await until(reader, (b"x", b""))
    task = asyncio.create_task(until(reader, (b"END", b"STOP")))
    for chunk in (b"1E", b"N", b"STO", b"P!"):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        reader.feed_data(chunk)
    await task
    print(await reader.read(10))


asyncio.run(amain())
