# Pins SNF-01, SNF-02, SNF-04, SNF-07: results, the file's position, and errors of sendfile.
import asyncio
import os
import tempfile


class Sink(asyncio.Protocol):
    def __init__(self, everything):
        self.everything = everything
        self.data = b""

    def data_received(self, data):
        self.data += data

    def connection_lost(self, exc):
        self.everything.set_result(self.data)


async def amain():
    loop = asyncio.get_running_loop()
    everything = loop.create_future()
    server = await loop.create_server(lambda: Sink(everything), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport, _ = await loop.create_connection(asyncio.Protocol, "127.0.0.1", port)
    file = tempfile.TemporaryFile(buffering=0)
    empty = tempfile.TemporaryFile(buffering=0)
    os.write(file.fileno(), b"0123456789")
    transport.write(b"<")
    print(await loop.sendfile(transport, file, 2, 3))
    print("position", os.lseek(file.fileno(), 0, os.SEEK_CUR))
    transport.write(b">")
    print(await loop.sendfile(transport, file))
    print("position", os.lseek(file.fileno(), 0, os.SEEK_CUR))
    print(await loop.sendfile(transport, empty))
    for offset, count in ((0, 0), (-1, None)):
        try:
            await loop.sendfile(transport, file, offset, count)
        except ValueError as e:
            print(repr(e))
    print("reading", transport.is_reading())
    transport.close()
    try:
        await loop.sendfile(transport, file)
    except RuntimeError as e:
        print(repr(e))
    print(await everything)
    server.close()


asyncio.run(amain())
