# Pins STR-05: a stored exception wakes the reader and is raised by every later read before the
# buffer is looked at; the buffered bytes stay hidden.
import asyncio


async def read(reader):
    try:
        print("got", await reader.readexactly(10))
    except ValueError as e:
        print("raised", repr(e))


async def amain():
    reader = asyncio.StreamReader()
    reader.feed_data(b"abc\n")
    task = asyncio.create_task(read(reader))
    await asyncio.sleep(0)
    print(reader.exception())
    reader.set_exception(ValueError("broken"))
    print("set", repr(reader.exception()), task.done())
    await task
    for attempt in (lambda: reader.read(1), lambda: reader.readline(),
                    lambda: reader.readuntil(b"\n"), lambda: reader.readexactly(1)):
        try:
            print("got", await attempt())
        except ValueError as e:
            print("raised", repr(e))


asyncio.run(amain())
