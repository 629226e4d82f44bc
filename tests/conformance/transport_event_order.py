# Pins PRO-01, PRO-02, CON-08: connection_made, data, eof_received once, connection_lost(None) once,
# on both sides; create_connection returns after connection_made.
import asyncio


class Recorder(asyncio.Protocol):
    def __init__(self, name):
        self.events = []
        self.name = name
        self.lost = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self.transport = transport
        self.events.append("made")

    def data_received(self, data):
        self.events.append("data " + data.decode())
        if self.name == "server":
            self.transport.write(b"got " + data)

    def eof_received(self):
        self.events.append("eof")

    def connection_lost(self, exc):
        self.events.append("lost " + repr(exc))
        self.lost.set_result(True)


async def amain():
    loop = asyncio.get_running_loop()
    accepted = []

    def factory():
        accepted.append(Recorder("server"))
        return accepted[-1]

    server = await loop.create_server(factory, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport, client = await loop.create_connection(lambda: Recorder("client"), "127.0.0.1", port)
    print("connected", client.events, client.transport is transport)
    transport.write(b"hello")
    transport.write_eof()
    await client.lost
    await accepted[0].lost
    print("server", accepted[0].events)
    print("client", client.events)
    server.close()
    await asyncio.sleep(0)
    print(len(accepted), client.events.count("lost None"))


asyncio.run(amain())
