# Pins STR-07, STR-08, PRO-02: a client that leaves in the middle of a record: the server's pending
# readexactly and readuntil fail with the partial bytes, nobody else is disturbed.
import asyncio


async def amain():
    results = asyncio.Queue()

    async def serve(reader, writer):
        kind = await reader.readline()
        try:
            if kind == b"exactly\n":
                await reader.readexactly(10)
            else:
                await reader.readuntil(b"END")
        except asyncio.IncompleteReadError as e:
            await results.put((kind, e.partial, e.expected, reader.at_eof()))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for kind in (b"exactly\n", b"until\n"):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(kind + b"part")
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        print(await results.get())
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"exactly\n12345")
    print("empty", results.empty())
    writer.close()
    print(await results.get())
    server.close()


asyncio.run(amain())
