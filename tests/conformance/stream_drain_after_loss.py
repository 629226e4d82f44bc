# Pins STR-15, STR-16, TRN-04: when the connection is lost, drain waiters wake; drain on a lost
# connection raises ConnectionResetError, a plain write is dropped silently.
import asyncio


async def amain():
    accepted = asyncio.get_running_loop().create_future()

    async def serve(reader, writer):
        accepted.set_result(writer)

    async def drainer(writer):
        try:
            await writer.drain()
            print("drained")
        except ConnectionResetError as e:
            print("waiter", repr(e))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    peer = await accepted
    peer.transport.pause_reading()
    writer.write(bytes(1 << 24))
    task = asyncio.create_task(drainer(writer))
    await asyncio.sleep(0)
    print("blocked", not task.done())
    writer.transport.abort()
    await task
    print("closing", writer.is_closing())
    writer.write(b"dropped")
    try:
        await writer.drain()
    except ConnectionResetError as e:
        print(repr(e))
    await writer.wait_closed()
    peer.transport.abort()
    server.close()


asyncio.run(amain())
