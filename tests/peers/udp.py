#!/usr/bin/env python3
"""The example udp_echo against Python's own asyncio, as its client and as its server."""
import asyncio
import signal
import sys

EXAMPLE = sys.argv[1]
SECONDS = 20


class Echo(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        self.transport.sendto(data, addr)


class Collector(asyncio.DatagramProtocol):
    def __init__(self):
        self.received = asyncio.Queue()

    def datagram_received(self, data, addr):
        self.received.put_nowait(data)

    def error_received(self, exc):
        self.received.put_nowait(exc)


def expect(what, got, wanted):
    if got != wanted:
        sys.exit(f"{what}: got {got!r} instead of {wanted!r}")


async def run_example(*arguments):
    process = await asyncio.create_subprocess_exec(EXAMPLE, *arguments,
                                                   stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    expect("exit status", process.returncode, 0)
    return output.decode()


async def python_serves():
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(Echo, local_addr=("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    for text in ("hello", "x" * 60000):
        expect("the answer", await run_example("send", str(port), text), f"received: {text}\n")
    transport.close()
    await asyncio.sleep(0)
    refused = "received: error: ConnectionRefusedError(111, 'Connection refused')\n"
    expect("the error", await run_example("send", str(port), "nobody there"), refused)


async def python_asks():
    process = await asyncio.create_subprocess_exec(EXAMPLE, "serve",
                                                   stdout=asyncio.subprocess.PIPE)
    port = int(await process.stdout.readline())
    loop = asyncio.get_running_loop()
    clients = [await loop.create_datagram_endpoint(Collector, remote_addr=("127.0.0.1", port))
               for _ in range(3)]
    for size in (0, 1, 1000, 65507):
        for number, (transport, protocol) in enumerate(clients):
            data = bytes([65 + number]) * size
            transport.sendto(data) if data else transport.get_extra_info("socket")._sock.send(b"")
            expect("the echo", await protocol.received.get(), data)
    for transport, _ in clients:
        transport.close()
    process.send_signal(signal.SIGINT)
    expect("exit status after Ctrl+C", await process.wait(), 130)


async def main():
    async with asyncio.timeout(SECONDS):
        await python_serves()
        await python_asks()


asyncio.run(main())
