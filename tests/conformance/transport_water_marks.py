# Pins TRN-05, TRN-06: pause_writing is called inside write(), when the size is strictly above the
# high mark; it alternates with resume_writing; setting limits pauses at once but never resumes.
import asyncio


class Writer(asyncio.Protocol):
    def __init__(self):
        self.resumed = asyncio.Event()

    def pause_writing(self):
        print("pause")

    def resume_writing(self):
        print("resume")
        self.resumed.set()


class Sink(asyncio.Protocol):
    def __init__(self, accepted):
        self.accepted = accepted

    def connection_made(self, transport):
        transport.pause_reading()
        self.accepted.set_result(transport)


async def amain():
    loop = asyncio.get_running_loop()
    accepted = loop.create_future()
    server = await loop.create_server(lambda: Sink(accepted), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport, client = await loop.create_connection(Writer, "127.0.0.1", port)
    sink = await accepted
    transport.set_write_buffer_limits(high=1 << 30)
    transport.write(bytes(1 << 24))
    size = transport.get_write_buffer_size()
    print("clogged", size > 0)
    transport.set_write_buffer_limits(high=size + 10, low=1000)
    transport.write(bytes(10))
    print("at the mark")
    transport.write(b"x")
    print("above the mark", transport.get_write_buffer_size() - size)
    transport.write(b"y")
    transport.set_write_buffer_limits(high=1 << 30)
    print("limits raised")
    transport.set_write_buffer_limits(high=4, low=4)
    sink.resume_reading()
    await client.resumed.wait()
    print("below", transport.get_write_buffer_size() <= 4)
    sink.pause_reading()
    client.resumed.clear()
    transport.set_write_buffer_limits(high=1 << 30)
    transport.write(bytes(1 << 24))
    print("clogged again")
    transport.set_write_buffer_limits(high=0)
    print(transport.get_write_buffer_limits())
    sink.resume_reading()
    await client.resumed.wait()
    print("empty", transport.get_write_buffer_size())
    transport.abort()
    sink.abort()
    server.close()


asyncio.run(amain())
