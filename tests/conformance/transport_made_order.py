# Pins CON-08, SRV-07, G-02: on the accepting side connection_made runs before anything is read,
# even if the data is already in the kernel; several clients are made in the order they connected.
import asyncio


log = []


def count(prefix):
    return sum(entry.startswith(prefix) for entry in log)


class Session(asyncio.Protocol):
    def __init__(self, everybody):
        self.everybody = everybody

    def connection_made(self, transport):
        self.number = str(count("made"))
        log.append("made " + self.number)

    def data_received(self, data):
        log.append("data " + self.number + " " + data.decode())

    def eof_received(self):
        log.append("eof " + self.number)

    def connection_lost(self, exc):
        log.append("lost " + self.number)
        if count("lost") == 3:
            self.everybody.set()


async def amain():
    loop = asyncio.get_running_loop()
    everybody = asyncio.Event()
    server = await loop.create_server(lambda: Session(everybody), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for i in range(3):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"from %d" % i)
        writer.close()
    await everybody.wait()
    for number in "012":
        print([entry for entry in log if entry.split()[1] == number])
    print([entry for entry in log if entry.startswith("made")])
    server.close()


asyncio.run(amain())
