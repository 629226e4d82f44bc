# Pins PIP-01, PIP-03 to PIP-06: events of both ends of a pipe.
import asyncio
import os


class Recorder(asyncio.Protocol):
    def __init__(self, name, done):
        self.name = name
        self.done = done

    def connection_made(self, transport):
        print(self.name, "made")

    def data_received(self, data):
        print(self.name, data)

    def eof_received(self):
        print(self.name, "eof")
        return True

    def connection_lost(self, exc):
        print(self.name, "lost", repr(exc))
        self.done.set()


async def amain():
    loop = asyncio.get_running_loop()
    r, w = os.pipe()
    read_done = asyncio.Event()
    write_done = asyncio.Event()
    reader, _ = await loop.connect_read_pipe(lambda: Recorder("read", read_done), os.fdopen(r, "rb", 0))
    print("read opened")
    writer, _ = await loop.connect_write_pipe(lambda: Recorder("write", write_done), os.fdopen(w, "wb", 0))
    print("write opened", writer.can_write_eof())
    writer.write(b"hello")
    writer.write_eof()
    print("closing", writer.is_closing(), reader.is_closing())
    writer.write(b"dropped")
    await read_done.wait()
    print("ended", write_done.is_set(), reader.is_closing())

    r, w = os.pipe()
    write_done.clear()
    writer, _ = await loop.connect_write_pipe(lambda: Recorder("write", write_done), os.fdopen(w, "wb", 0))
    os.close(r)
    await write_done.wait()

    file = open(__file__, "rb")
    for connect in (loop.connect_read_pipe, loop.connect_write_pipe):
        try:
            await connect(lambda: Recorder("file", write_done), file)
        except ValueError as e:
            print(repr(e))
    file.close()


asyncio.run(amain())
