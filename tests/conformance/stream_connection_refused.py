# Pins CON-04, ERR-03: connecting where nobody listens raises ConnectionRefusedError, an OSError,
# through plain await, gather and wait_for alike, and leaves the loop usable.
import asyncio


async def nobody(reader, writer):
    writer.close()


async def attempt(port):
    try:
        await asyncio.open_connection("127.0.0.1", port)
        print("not reached")
    except ConnectionRefusedError as e:
        print("refused", isinstance(e, OSError), isinstance(e, ConnectionError))


async def amain():
    server = await asyncio.start_server(nobody, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    await attempt(port)
    results = await asyncio.gather(asyncio.open_connection("127.0.0.1", port),
                                   asyncio.sleep(0, "fine"), return_exceptions=True)
    print(type(results[0]).__name__, results[1])
    try:
        await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), 5)
    except OSError as e:
        print(type(e).__name__)


asyncio.run(amain())
