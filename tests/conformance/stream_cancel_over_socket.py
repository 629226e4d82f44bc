# Pins STR-13, TSK-23: a read on a socket given up by wait_for is resumed later without losing a
# byte; the connection stays usable.
import asyncio


async def amain():
    go = asyncio.Event()

    async def on_client(reader, writer):
        writer.write(b"half a ")
        await go.wait()
        writer.write(b"line\nnext\n")
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(on_client, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(2):
        try:
            await asyncio.wait_for(reader.readline(), 0.03)
            print("not reached")
        except TimeoutError:
            print("timed out")
    task = asyncio.create_task(reader.readline())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    print("cancelled", task.cancelled())
    go.set()
    for _ in range(3):
        print(await reader.readline())
    writer.close()
    await writer.wait_closed()
    server.close()


asyncio.run(amain())
