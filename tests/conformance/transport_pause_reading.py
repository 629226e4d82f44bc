# python >= 3.12
# Pins TRN-07, CON-08: pausing inside connection_made is respected; while paused nothing is
# delivered and nothing is lost; pause and resume are idempotent; on a closing transport they do
# nothing.
import asyncio


class Reader(asyncio.Protocol):
    def __init__(self):
        self.received = b""
        self.changed = asyncio.Event()

    def connection_made(self, transport):
        self.transport = transport
        transport.pause_reading()

    def data_received(self, data):
        self.received += data
        self.changed.set()


async def amain():
    loop = asyncio.get_running_loop()
    accepted = []

    def factory():
        accepted.append(Reader())
        return accepted[-1]

    server = await loop.create_server(factory, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport, _ = await loop.create_connection(asyncio.Protocol, "127.0.0.1", port)
    transport.write(b"one ")
    await asyncio.sleep(0.02)
    reader = accepted[0]
    print("paused", reader.received, reader.transport.is_reading())
    reader.transport.pause_reading()
    transport.write(b"two")
    await asyncio.sleep(0.02)
    print("paused", reader.received)
    reader.transport.resume_reading()
    reader.transport.resume_reading()
    print("resumed", reader.received, reader.transport.is_reading())
    await reader.changed.wait()
    print("got", reader.received)
    reader.transport.close()
    print("closing", reader.transport.is_reading())
    reader.transport.resume_reading()
    reader.transport.pause_reading()
    print("closing", reader.transport.is_reading())
    transport.close()
    server.close()


asyncio.run(amain())
