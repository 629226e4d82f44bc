# An echo server on a Unix socket, and a client for it in the same program.
import asyncio
import os
import tempfile


async def on_client(reader, writer):
    while line := await reader.readline():
        writer.write(line)
        await writer.drain()
    writer.close()
    await writer.wait_closed()


async def talk(path):
    reader, writer = await asyncio.open_unix_connection(path)
    for line in ("to be", "or not to be"):
        writer.write(line.encode() + b"\n")
        answer = await reader.readline()
        print("received:", answer.decode(), end="")
    writer.close()
    await writer.wait_closed()


async def amain():
    path = os.path.join(tempfile.gettempdir(), f"echo-{os.getpid()}.sock")
    server = await asyncio.start_unix_server(on_client, path)
    async with server:
        await talk(path)
    if os.path.exists(path):
        os.unlink(path)  # before Python 3.13


asyncio.run(amain())
