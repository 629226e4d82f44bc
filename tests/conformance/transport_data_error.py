# Pins TRN-09, TRN-10: an exception in data_received is fatal: reported with transport and protocol,
# connection_lost gets that very exception, and the socket is closed under the peer.
import asyncio


class Fragile(asyncio.Protocol):
    def __init__(self, lost):
        self.lost = lost

    def data_received(self, data):
        raise ValueError("cannot handle " + data.decode())

    def connection_lost(self, exc):
        self.lost.set_result(repr(exc))


async def amain():
    loop = asyncio.get_running_loop()
    lost = loop.create_future()

    def report(loop, context):
        print(context["message"], repr(context["exception"]))
        print(context["transport"] is not None, context["protocol"] is not None, lost.done())

    loop.set_exception_handler(report)
    server = await loop.create_server(lambda: Fragile(lost), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"this")
    print("lost", await lost)
    try:
        print("client", await reader.read())
    except ConnectionResetError as e:
        print(type(e).__name__)
    writer.close()
    server.close()


asyncio.run(amain())
