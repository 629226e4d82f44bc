# Pins TRN-08, PRO-01: close and abort never call connection_lost themselves: it comes one turn
# later, once, however often either is called; after that everything is ignored.
import asyncio


class Client(asyncio.Protocol):
    def __init__(self):
        self.lost = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        print("made", transport.is_closing())

    def data_received(self, data):
        print("data", data)

    def connection_lost(self, exc):
        print("lost", exc)
        self.lost.set_result(True)


async def amain():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(asyncio.Protocol, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for name in ("close", "abort"):
        transport, client = await loop.create_connection(Client, "127.0.0.1", port)
        loop.call_soon(print, "queued before")
        if name == "close":
            transport.close()
        else:
            transport.abort()
        loop.call_soon(print, "queued after")
        print(name, transport.is_closing(), client.lost.done())
        transport.close()
        await client.lost
        transport.close()
        transport.abort()
        transport.write(b"dropped")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        print("still", transport.is_closing())
    server.close()


asyncio.run(amain())
