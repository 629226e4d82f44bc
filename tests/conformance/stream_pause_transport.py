# Pins STR-02: the reader pauses its transport when the buffer is strictly larger than twice the
# limit and resumes it at the limit or below; a read that needs more than that resumes first, else
# it would hang.
import asyncio


class FakeTransport(asyncio.Transport):
    def pause_reading(self):
        print("pause")

    def resume_reading(self):
        print("resume")


async def exactly(reader, n):
    print("exactly", n, len(await reader.readexactly(n)))


async def amain():
    reader = asyncio.StreamReader(limit=4)
    reader.set_transport(FakeTransport())
    reader.feed_data(b"12345678")
    print("twice the limit")
    reader.feed_data(b"9")
    print("one more")
    reader.feed_data(b"0")
    await exactly(reader, 5)
    print("five left")
    await exactly(reader, 1)
    print("four left")
    reader.feed_data(b"abcdef")
    task = asyncio.create_task(exactly(reader, 14))
    await asyncio.sleep(0)
    print("needs more")
    reader.feed_data(b"ghij")
    await task
    print("end")


asyncio.run(amain())
