# Pins STR-04: only one task may wait for data; the second read raises at once with its own name in
# the text, and the first one is not disturbed.
import asyncio


async def first(reader):
    print("first got", await reader.read(10))


async def amain():
    reader = asyncio.StreamReader()
    task = asyncio.create_task(first(reader))
    await asyncio.sleep(0)
    try:
        await reader.read(1)
    except RuntimeError as e:
        print(str(e))
    try:
        await reader.readexactly(1)
    except RuntimeError as e:
        print(str(e))
    try:
        await reader.readuntil(b"\n")
    except RuntimeError as e:
        print(str(e))
    try:
        await reader.readline()
    except RuntimeError as e:
        print(str(e))
    print(await reader.read(0), await reader.readexactly(0))
    reader.feed_data(b"data")
    await task


asyncio.run(amain())
