# Pins TLS-05, TLS-07, TLS-08, PRO-01: the events of both sides of a TLS connection, who closes, and
# what is known when.
import asyncio
import ssl
import subprocess
import tempfile

MAKE = ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test "
        "-keyout {0} -out {0}.crt 2>/dev/null && cat {0}.crt >> {0}; rm -f {0}.crt")


class Recorder(asyncio.Protocol):
    def __init__(self, name, log, done):
        self.name, self.log, self.done = name, log, done

    def note(self, *event):
        self.log.append((self.name,) + event)

    def connection_made(self, transport):
        self.transport = transport
        self.note("made", transport.get_extra_info("ssl_object").version(),
                  transport.get_extra_info("compression") is None)

    def data_received(self, data):
        self.note("data", data.decode())
        if data == b"question":
            self.transport.write(b"answer")
        elif data == b"close":
            self.transport.close()
            self.note("closing", self.transport.is_closing())

    def eof_received(self):
        self.note("eof", self.transport.is_closing())

    def connection_lost(self, exc):
        self.note("lost", repr(exc))
        self.done.set()


async def session(server_context, client_context, message, closes):
    loop = asyncio.get_running_loop()
    log, served, connected = [], asyncio.Event(), asyncio.Event()
    server = await loop.create_server(lambda: Recorder("server", log, served), "127.0.0.1", 0,
                                      ssl=server_context)
    port = server.sockets[0].getsockname()[1]
    transport, protocol = await loop.create_connection(
        lambda: Recorder("client", log, connected), "127.0.0.1", port, ssl=client_context)
    protocol.note("connected", protocol.transport is transport, transport.can_write_eof())
    transport.write(message)
    if closes:
        while not any(event[1] == "data" and event[0] == "client" for event in log):
            await asyncio.sleep(0.001)
        transport.close()
    await served.wait()
    await connected.wait()
    transport.write(b"too late")
    server.close()
    for name in ("client", "server"):
        for event in log:
            if event[0] == name:
                print(*event)


async def amain():
    with tempfile.NamedTemporaryFile() as chain:
        subprocess.run(MAKE.format(chain.name), shell=True, check=True)
        server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server_context.load_cert_chain(chain.name)
    client_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client_context.check_hostname = False
    client_context.verify_mode = ssl.CERT_NONE
    await session(server_context, client_context, b"question", True)
    await session(server_context, client_context, b"close", False)


asyncio.run(amain())
