# Pins CON-13, STR-14, CON-08: a line echo over a Unix socket; the addresses are a path and ''.
import asyncio
import os
import tempfile


async def echo(reader, writer):
    print("server sees", repr(writer.get_extra_info("peername")),
          os.path.basename(writer.get_extra_info("sockname")))
    while line := await reader.readline():
        writer.write(line.upper())
        await writer.drain()
    writer.close()
    await writer.wait_closed()


async def quiet(reader, writer):
    await reader.read()
    writer.close()


async def talk(path):
    reader, writer = await asyncio.open_unix_connection(path)
    print("client sees", os.path.basename(writer.get_extra_info("peername")),
          repr(writer.get_extra_info("sockname")))
    for line in (b"one\n", b"two\n"):
        writer.write(line)
        print("client got", await reader.readline())
    writer.write_eof()
    print("client got", await reader.read())
    writer.close()
    await writer.wait_closed()


async def amain():
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "echo")
        server = await asyncio.start_unix_server(echo, path)
        print("sockets", len(server.sockets), os.path.basename(server.sockets[0].getsockname()))
        await talk(path)
        await talk(path)
        server.close()
        await server.wait_closed()
    name = f"\0asyncio-unix-echo-{os.getpid()}"
    server = await asyncio.start_unix_server(quiet, name)
    reader, writer = await asyncio.open_unix_connection(name)
    print("abstract", writer.get_extra_info("peername") == name.encode(),
          writer.get_extra_info("peername")[:9])
    writer.close()
    await writer.wait_closed()
    server.close()
    await server.wait_closed()


asyncio.run(amain())
