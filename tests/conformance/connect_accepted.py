# Pins CON-08: a socket accepted by hand becomes a transport by connect_accepted_socket; the events
# of both ends come in order.
import asyncio
import socket


class Traced(asyncio.Protocol):
    def __init__(self, name):
        self.name = name
        self.lost = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        print(self.name, "made", type(transport.get_extra_info("peername")[1]).__name__)
        self.transport = transport

    def data_received(self, data):
        print(self.name, "data", data)
        self.transport.write(data[:1])
        if self.name == "client":
            self.transport.close()

    def eof_received(self):
        print(self.name, "eof")

    def connection_lost(self, exc):
        print(self.name, "lost", exc)
        self.lost.set_result(None)


async def amain():
    loop = asyncio.get_running_loop()
    listener = socket.create_server(("127.0.0.1", 0))
    address = listener.getsockname()
    _, client = await loop.create_connection(lambda: Traced("client"), *address)
    accepted, _ = listener.accept()
    transport, server = await loop.connect_accepted_socket(lambda: Traced("server"), accepted)
    print("the same", server.transport is transport)
    transport.write(b"hello")
    await client.lost
    await server.lost
    listener.close()
    datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        await loop.connect_accepted_socket(lambda: Traced("none"), datagram)
    except ValueError as e:
        print(str(e).split("<")[0])
    datagram.close()


asyncio.run(amain())
