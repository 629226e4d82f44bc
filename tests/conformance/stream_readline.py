# Pins STR-11: readline returns the partial line at EOF; an overrun is a ValueError (not
# LimitOverrunError) that drops the line with its newline, or all there is if no newline was found.
import asyncio


async def line(reader):
    try:
        print("line", await reader.readline())
    except ValueError as e:
        print(repr(e))


async def amain():
    reader = asyncio.StreamReader(limit=5)
    reader.feed_data(b"one\n\ntoo long line\ntwo\n")
    for _ in range(4):
        await line(reader)
    task = asyncio.create_task(line(reader))
    await asyncio.sleep(0)
    for chunk in (b"abc", b"def", b"\n"):
        print("feed", chunk, task.done())
        reader.feed_data(chunk)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    await task
    await line(reader)
    reader.feed_data(b"part")
    reader.feed_eof()
    await line(reader)
    await line(reader)


asyncio.run(amain())
