# Pins STR-02: over a real socket readexactly(n) far beyond twice the limit does not deadlock on the
# paused transport, and the bytes after it are intact.
import asyncio

SIZE = 1 << 20


async def on_client(reader, writer):
    writer.write(bytes(range(256)) * (SIZE // 256))
    writer.write(b"tail\n")
    await writer.drain()
    writer.close()
    await writer.wait_closed()


async def exactly(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    data = await reader.readexactly(SIZE)
    print(len(data), data == bytes(range(256)) * (SIZE // 256))
    print(await reader.readline())
    print(await reader.readline(), reader.at_eof())
    writer.close()
    await writer.wait_closed()


async def amain():
    server = await asyncio.start_server(on_client, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await exactly(port)

    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    total = 0
    while chunk := await reader.read(1000):
        total += len(chunk)
    print(total)
    writer.close()
    await writer.wait_closed()
    server.close()


asyncio.run(amain())
