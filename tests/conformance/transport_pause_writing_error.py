# Pins TRN-05: exceptions of pause_writing and resume_writing go to the exception handler and do not
# break the transport: all bytes arrive, and the two still alternate.
import asyncio

SIZE = 1 << 24


class Bad(asyncio.Protocol):
    def pause_writing(self):
        raise ValueError("pause")

    def resume_writing(self):
        raise ValueError("resume")


async def amain():
    loop = asyncio.get_running_loop()

    def report(loop, context):
        print(context["message"], repr(context["exception"]), context["protocol"] is not None)

    async def count(reader, writer):
        go.set_result((reader, writer))

    go = loop.create_future()
    loop.set_exception_handler(report)
    server = await asyncio.start_server(count, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport, protocol = await loop.create_connection(Bad, "127.0.0.1", port)
    transport.write(bytes(SIZE))
    print("written")
    transport.write(b"more")
    reader, writer = await go
    data = await reader.readexactly(SIZE)
    print(len(data), await reader.readexactly(4))
    print("left", transport.get_write_buffer_size(), transport.is_closing())
    transport.close()
    writer.close()
    server.close()


asyncio.run(amain())
