# Pins TRN-12: write_eof half-closes only after the buffer has drained; the peer sees all bytes and
# then EOF; reading goes on, close ends it.
import asyncio

SIZE = 1 << 24


class Client(asyncio.Protocol):
    def __init__(self):
        self.answer = asyncio.get_running_loop().create_future()
        self.lost = asyncio.get_running_loop().create_future()

    def data_received(self, data):
        self.answer.set_result(data)

    def connection_lost(self, exc):
        self.lost.set_result(repr(exc))


async def amain():
    loop = asyncio.get_running_loop()
    kept = []

    async def on_client(reader, writer):
        kept.append(writer)
        data = await reader.read()
        writer.write(b"%d bytes" % len(data))

    server = await asyncio.start_server(on_client, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport, client = await loop.create_connection(Client, "127.0.0.1", port)
    transport.write(bytes(SIZE))
    transport.write_eof()
    print("buffered", transport.get_write_buffer_size() > 0, transport.can_write_eof())
    print("answer", await client.answer == b"%d bytes" % SIZE, transport.get_write_buffer_size())
    print("open", not client.lost.done(), transport.is_closing())
    transport.close()
    print("lost", await client.lost)
    kept[0].close()
    server.close()


asyncio.run(amain())
