# Pins TRN-17, CON-08, PRO-01: connection_made before the awaiting coroutine goes on, datagrams in
# order, connection_lost by call_soon, a connected endpoint knows its peer.
import asyncio


class Server(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        print("server made")
        self.transport = transport

    def datagram_received(self, data, addr):
        print("server received", data)
        self.transport.sendto(data + b"!", addr)

    def connection_lost(self, exc):
        print("server lost", exc)


class Client(asyncio.DatagramProtocol):
    def __init__(self, done):
        self.done = done
        self.count = 0

    def connection_made(self, transport):
        print("client made")
        transport.sendto(b"one")
        transport.sendto(b"two")

    def datagram_received(self, data, addr):
        print("client received", data)
        self.count += 1
        if self.count == 2:
            self.done.set_result(None)

    def connection_lost(self, exc):
        print("client lost", exc)


async def amain():
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    server, _ = await loop.create_datagram_endpoint(Server, local_addr=("127.0.0.1", 0))
    print("server opened", server.get_extra_info("peername"))
    address = server.get_extra_info("sockname")
    client, _ = await loop.create_datagram_endpoint(lambda: Client(done), remote_addr=address)
    print("client opened", client.get_extra_info("peername") == address)
    await done
    try:
        client.sendto(b"x", ("127.0.0.1", 9))
    except ValueError as e:
        print(str(e) == f"Invalid address: must be None or {address}")
    client.close()
    print("closing", client.is_closing(), server.is_closing())
    client.close()
    await asyncio.sleep(0)
    server.abort()
    print("aborted")
    await asyncio.sleep(0)
    print("end")


asyncio.run(amain())
