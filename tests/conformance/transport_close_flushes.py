# Pins TRN-08, TRN-01: close() sends all that was written before connection_lost comes; abort()
# drops what is buffered. The peer counts the bytes.
import asyncio

SIZE = 1 << 24


class Counter(asyncio.Protocol):
    def __init__(self):
        self.total = 0
        self.lost = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.total += len(data)

    def connection_lost(self, exc):
        self.lost.set_result(exc is None)


async def amain():
    loop = asyncio.get_running_loop()
    accepted = []

    def factory():
        accepted.append(Counter())
        return accepted[-1]

    server = await loop.create_server(factory, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for name in ("close", "abort"):
        transport, client = await loop.create_connection(Counter, "127.0.0.1", port)
        transport.write(bytes(SIZE))
        print("buffered", transport.get_write_buffer_size() > 0)
        if name == "close":
            transport.close()
            print("still buffered", transport.get_write_buffer_size() > 0)
        else:
            transport.abort()
            print("dropped", transport.get_write_buffer_size())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        print("lost", client.lost.done())
        print(name, "client", await client.lost)
        await accepted[-1].lost
        print("server received everything", accepted[-1].total == SIZE)
    server.close()


asyncio.run(amain())
