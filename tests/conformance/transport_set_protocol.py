# Pins TRN-16, PRO-01: after set_protocol, even from inside data_received, the next event goes to
# the new protocol, the old one hears nothing more; connection_made is not repeated.
import asyncio

log = []


class Second(asyncio.Protocol):
    def __init__(self, done):
        self.done = done

    def connection_made(self, transport):
        log.append("second made")

    def data_received(self, data):
        log.append("second data " + data.decode())

    def eof_received(self):
        log.append("second eof")

    def connection_lost(self, exc):
        log.append("second lost " + repr(exc))
        self.done.set_result(True)


class First(asyncio.Protocol):
    def __init__(self, done):
        self.done = done

    def connection_made(self, transport):
        log.append("first made")
        self.transport = transport

    def data_received(self, data):
        log.append("first data " + data.decode())
        second = Second(self.done)
        self.transport.set_protocol(second)
        log.append("same " + str(self.transport.get_protocol() is second))
        self.transport.write(b"switched")

    def connection_lost(self, exc):
        log.append("first lost")


async def amain():
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    server = await loop.create_server(lambda: First(done), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"hello")
    await reader.readexactly(8)
    writer.write(b"again")
    writer.write_eof()
    await done
    writer.close()
    server.close()
    for line in log:
        print(line)


asyncio.run(amain())
