# Pins CON-15, TRN-05, EXH-01: each callback of a datagram protocol fails; the transport lives on.
import asyncio
import socket

CALLBACKS = ("made", "datagram", "pause", "resume", "lost")


class Bad(asyncio.DatagramProtocol):
    def __init__(self, callback, trace):
        self.callback = callback
        self.trace = trace

    def event(self, name):
        self.trace.append(name)
        if name == self.callback:
            raise ValueError("mine")

    def connection_made(self, transport):
        self.event("made")

    def datagram_received(self, data, addr):
        self.event("datagram")

    def error_received(self, exc):
        self.event("error")

    def pause_writing(self):
        self.event("pause")

    def resume_writing(self):
        self.event("resume")

    def connection_lost(self, exc):
        self.event("lost")


async def settle():
    for i in range(2):
        await asyncio.sleep(0.0005)


def set_handler(trace):
    def report(loop, context):
        callback = context["message"].startswith("Exception in callback")
        text = "Exception in callback" if callback else context["message"]
        trace.append("<" + text + " " + repr(context["exception"]) + ">")

    asyncio.get_running_loop().set_exception_handler(report)


# To a peer that does not read, then reads.
async def try_traffic(callback):
    loop = asyncio.get_running_loop()
    trace = []
    set_handler(trace)
    ours = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    for sock in (ours, peer):
        sock.bind("")  # to a free name that is no file
        sock.setblocking(False)
    ours.connect(peer.getsockname())
    peer.connect(ours.getsockname())
    transport, protocol = await loop.create_datagram_endpoint(
        lambda: Bad(callback, trace), sock=ours)
    transport.set_write_buffer_limits(high=0)
    while transport.get_write_buffer_size() == 0:
        transport.sendto(b"x" * 1000)
    while True:
        try:
            peer.recv(2000)
        except BlockingIOError:
            break
    await settle()
    peer.send(b"one")
    await settle()
    peer.send(b"two")
    await settle()
    trace.append("closing" if transport.is_closing() else "open")
    transport.close()
    await settle()
    peer.close()
    print(callback + ":", ", ".join(trace))


# To nobody: the system tells by an error, to who receives or to who sends next.
async def try_error(callback):
    loop = asyncio.get_running_loop()
    trace = []
    set_handler(trace)
    nobody = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    nobody.bind(("127.0.0.1", 0))
    address = nobody.getsockname()
    nobody.close()
    transport, protocol = await loop.create_datagram_endpoint(
        lambda: Bad(callback, trace), remote_addr=address)
    transport.sendto(b"x")
    await settle()
    transport.sendto(b"x")
    try:
        transport.sendto(b"x")
        trace.append("sent")
    except ValueError as e:
        trace.append("raised " + repr(e))
    trace.append("closing" if transport.is_closing() else "open")
    transport.close()
    await settle()
    print(callback + " over UDP:", ", ".join(trace))


async def amain():
    for callback in CALLBACKS:
        await try_traffic(callback)
    for callback in ("error", "lost"):
        await try_error(callback)


asyncio.run(amain())
