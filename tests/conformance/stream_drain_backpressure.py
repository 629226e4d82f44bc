# Pins STR-14, TRN-05: drain returns at once below the high-water mark and suspends above it until
# the peer has read; several tasks may wait in it and all wake.
import asyncio

SIZE = 1 << 24


async def amain():
    go = asyncio.Event()
    finished = asyncio.Event()

    async def slow_reader(reader, writer):
        await go.wait()
        total = 0
        while total < SIZE:
            total += len(await reader.read(1 << 20))
        sizes.append(total)
        finished.set()
        writer.close()

    async def drainer(name):
        await writer.drain()
        drained.append(name)

    drained = []
    sizes = []
    server = await asyncio.start_server(slow_reader, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await writer.drain()
    print("nothing to drain")
    writer.write(bytes(SIZE))
    print("buffered", writer.transport.get_write_buffer_size() > 65536)
    tasks = [asyncio.create_task(drainer(name)) for name in "ab"]
    for _ in range(10):
        await asyncio.sleep(0)
    print("drained", drained)
    go.set()
    await asyncio.gather(*tasks)
    print("drained", drained, writer.transport.get_write_buffer_size() <= 16384)
    await finished.wait()
    print("server read everything", sizes[0] == SIZE)
    writer.close()
    await writer.wait_closed()
    server.close()


asyncio.run(amain())
