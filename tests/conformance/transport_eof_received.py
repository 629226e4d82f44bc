# Pins TRN-11, STR-18: a true result of eof_received keeps the write side open, a false one closes;
# the event comes once.
import asyncio


class Peer(asyncio.Protocol):
    def __init__(self, keep):
        self.keep = keep
        self.events = []
        self.lost = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.events.append("data " + data.decode())

    def eof_received(self):
        self.events.append("eof")
        if self.keep:
            asyncio.get_running_loop().call_soon(self.answer)
        return self.keep

    def answer(self):
        self.events.append("closing " + str(self.transport.is_closing()))
        self.transport.write(b"after eof")
        self.transport.close()

    def connection_lost(self, exc):
        self.events.append("lost " + repr(exc))
        self.lost.set_result(True)


async def amain():
    loop = asyncio.get_running_loop()
    for keep in (True, False):
        accepted = []

        def factory():
            accepted.append(Peer(keep))
            return accepted[-1]

        server = await loop.create_server(factory, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        transport, client = await loop.create_connection(lambda: Peer(False), "127.0.0.1", port)
        transport.write_eof()
        await client.lost
        await accepted[0].lost
        print("keep", keep, "server", accepted[0].events, "client", client.events)
        server.close()


asyncio.run(amain())
