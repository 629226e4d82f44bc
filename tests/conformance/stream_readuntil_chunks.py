# Pins STR-10: a separator torn over several chunks is found, also after false starts; nothing
# before or after it is lost.
import asyncio


async def until(reader, count):
    for _ in range(count):
        print("record", await reader.readuntil(b"aab"))


async def amain():
    reader = asyncio.StreamReader()
    task = asyncio.create_task(until(reader, 4))
    for chunk in (b"x", b"a", b"a", b"a", b"b", b"yaa", b"caab", b"aabza", b"a", b"bq"):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        print("feed", chunk)
        reader.feed_data(chunk)
    await task
    print("rest", await reader.read(10))


asyncio.run(amain())
