# Pins STR-17, TRN-04, TRN-08: close() flushes what was written before; later writes are dropped or
# lost without an error; close is idempotent, wait_closed can be repeated.
import asyncio


async def amain():
    received = asyncio.get_running_loop().create_future()

    async def on_client(reader, writer):
        received.set_result(await reader.read())
        writer.close()

    server = await asyncio.start_server(on_client, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"first ")
    writer.writelines([b"second ", b"third"])
    print("closing", writer.is_closing())
    writer.close()
    writer.close()
    print("closing", writer.is_closing())
    await writer.wait_closed()
    writer.write(b"dropped")
    print("received", await received)
    await writer.wait_closed()
    try:
        await writer.drain()
    except ConnectionResetError as e:
        print(repr(e))
    server.close()


asyncio.run(amain())
