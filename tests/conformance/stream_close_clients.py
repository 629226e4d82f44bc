# python >= 3.13
# Pins SRV-02, SRV-08: close_clients flushes and closes all connections of a server, abort_clients
# drops them; both let wait_closed return.
import asyncio


async def on_client(reader, writer):
    writer.write(await reader.readline())
    await reader.read()


async def attempt(close):
    server = await asyncio.start_server(on_client, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    pairs = []
    for i in range(3):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"client %d\n" % i)
        print(await reader.readline())
        pairs.append((reader, writer))
    server.close()
    task = asyncio.create_task(server.wait_closed())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("waiting", not task.done())
    close(server)
    await task
    print("server closed")
    for reader, writer in pairs:
        try:
            print("end", await reader.read())
        except ConnectionResetError as e:
            print(type(e).__name__)
        writer.close()


async def amain():
    await attempt(lambda server: server.close_clients())
    await attempt(lambda server: server.abort_clients())


asyncio.run(amain())
