# Pins PRO-03, PRO-04: get_buffer and buffer_updated come in pairs with a hint of -1; a buffer
# smaller than the data is used several times; an empty one is a fatal error.
import asyncio


class Buffered(asyncio.BufferedProtocol):
    def __init__(self, size, lost):
        self.buffer = bytearray(size)
        self.received = b""
        self.hints = set()
        self.pairs = 0
        self.largest = 0
        self.lost = lost

    def get_buffer(self, sizehint):
        self.hints.add(sizehint)
        self.pairs += 1
        return self.buffer

    def buffer_updated(self, nbytes):
        self.pairs -= 1
        self.largest = max(self.largest, nbytes)
        self.received += self.buffer[:nbytes]

    def eof_received(self):
        self.pairs += 1

    def connection_lost(self, exc):
        self.lost.set_result(repr(exc))


async def amain():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: print(context["message"]))
    for size in (4, 0):
        lost = loop.create_future()
        protocol = Buffered(size, lost)
        server = await loop.create_server(lambda: protocol, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"0123456789")
        writer.close()
        print("lost", await lost)
        print(protocol.received, sorted(protocol.hints), protocol.largest)
        server.close()


asyncio.run(amain())
