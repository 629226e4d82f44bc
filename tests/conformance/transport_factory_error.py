# Pins PRO-06: a protocol factory that throws fails create_connection with that error; on the server
# it only drops the one connection, the next client is served.
import asyncio


class Hello(asyncio.Protocol):
    def connection_made(self, transport):
        transport.write(b"hello")
        transport.close()


async def amain():
    loop = asyncio.get_running_loop()
    calls = []

    def factory():
        calls.append(len(calls))
        if len(calls) == 1:
            raise ValueError("first server protocol")
        return Hello()

    def bad_factory():
        raise LookupError("client protocol")

    server = await loop.create_server(factory, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    async def ask():
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        data = await reader.read()
        writer.close()
        return data

    print("first", await ask())
    print("second", await ask(), calls)
    try:
        await loop.create_connection(bad_factory, "127.0.0.1", port)
    except LookupError as e:
        print(repr(e))
    print("last", await ask(), calls)
    server.close()


asyncio.run(amain())
