# Pins SRV-01, AGN-01: leaving `async with server` closes the listener, also when the block raises;
# the exception goes on.
import asyncio


async def on_client(reader, writer):
    writer.write(b"hi")
    writer.close()


async def amain():
    server = await asyncio.start_server(on_client, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        async with server:
            print("serving", server.is_serving())
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            print(await reader.read())
            writer.close()
            await writer.wait_closed()
            raise ValueError("leave")
    except ValueError as e:
        print(repr(e), server.is_serving())
    try:
        await asyncio.open_connection("127.0.0.1", port)
    except OSError as e:
        print(type(e).__name__, isinstance(e, ConnectionError))


asyncio.run(amain())
