# Pins CON-15, TRN-17: arguments that do not fit, and a peer where nobody listens.
import asyncio
import socket


class Protocol(asyncio.DatagramProtocol):
    def __init__(self):
        self.event = asyncio.Event()

    def error_received(self, exc):
        print("error_received", repr(exc))
        self.event.set()

    def connection_lost(self, exc):
        print("connection_lost", repr(exc))
        self.event.set()


async def attempt(name, **options):
    loop = asyncio.get_running_loop()
    try:
        await loop.create_datagram_endpoint(Protocol, **options)
    except Exception as e:
        print(name, repr(e))
    else:
        print(name, "works")


async def amain():
    loop = asyncio.get_running_loop()
    await attempt("nothing")
    await attempt("families", local_addr=("127.0.0.1", 0), remote_addr=("::1", 9))
    await attempt("path", local_addr="path")
    await attempt("tuple", local_addr=("127.0.0.1", 0), family=socket.AF_UNIX)
    await attempt("port", local_addr=("127.0.0.1", 65536))
    await attempt("foreign", local_addr=("192.0.2.1", 0))
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    await attempt("modifiers", sock=sock, local_addr=("127.0.0.1", 0), reuse_port=True)
    sock.close()

    transport, protocol = await loop.create_datagram_endpoint(
        Protocol, local_addr=("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    transport.close()
    await protocol.event.wait()
    transport, protocol = await loop.create_datagram_endpoint(
        Protocol, remote_addr=("127.0.0.1", port))
    for i in range(2):
        protocol.event.clear()
        transport.sendto(b"anybody there?")
        await protocol.event.wait()
        print("closing", transport.is_closing())
    transport.close()
    await asyncio.sleep(0)


asyncio.run(amain())
