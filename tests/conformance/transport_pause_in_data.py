# Pins TRN-07, G-02: a protocol that pauses itself in data_received gets nothing more until it is
# resumed, even with megabytes waiting in the kernel.
import asyncio

SIZE = 1 << 21


class Sipper(asyncio.Protocol):
    def __init__(self):
        self.total = 0
        self.calls = 0
        self.got = asyncio.Event()

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.total += len(data)
        self.calls += 1
        self.transport.pause_reading()
        self.got.set()


async def amain():
    loop = asyncio.get_running_loop()
    accepted = loop.create_future()

    def factory():
        accepted.set_result(Sipper())
        return accepted.result()

    server = await loop.create_server(factory, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport, _ = await loop.create_connection(asyncio.Protocol, "127.0.0.1", port)
    transport.write(bytes(SIZE))
    sipper = await accepted
    rounds = 0
    while sipper.total < SIZE:
        await sipper.got.wait()
        sipper.got.clear()
        rounds += 1
        for _ in range(5):
            await asyncio.sleep(0)
        if sipper.calls != rounds or sipper.transport.is_reading():
            print("data while paused")
        sipper.transport.resume_reading()
    print(sipper.total == SIZE, sipper.calls == rounds, rounds >= SIZE // (256 * 1024))
    transport.close()
    sipper.transport.close()
    server.close()


asyncio.run(amain())
