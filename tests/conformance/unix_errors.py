# Pins CON-01, CON-07, CON-13: what connecting to a Unix socket and binding one raise, and that a
# stale socket is replaced while another file is not.
import asyncio
import os
import socket
import tempfile


async def attempt(directory, coroutine):
    try:
        await coroutine
        print("no error")
    except Exception as e:
        print(type(e).__name__, str(e).replace(directory, "."))


async def refused(directory, loop):
    await attempt(directory, loop.create_unix_connection(asyncio.Protocol, directory + "/missing"))
    await attempt(directory, loop.create_unix_server(asyncio.Protocol, directory + "/no/dir"))
    open(directory + "/file", "w").close()
    await attempt(directory, loop.create_unix_connection(asyncio.Protocol, directory + "/file"))
    await attempt(directory, loop.create_unix_server(asyncio.Protocol, directory + "/file"))
    await attempt(directory, loop.create_unix_server(asyncio.Protocol, directory))
    await attempt(directory, loop.create_unix_server(asyncio.Protocol, "x" * 108))
    await attempt(directory, loop.create_unix_connection(asyncio.Protocol, "x" * 108))
    await attempt(directory, loop.create_unix_connection(asyncio.Protocol, ""))
    await attempt(directory, loop.create_unix_connection(asyncio.Protocol))
    await attempt(directory, loop.create_unix_server(asyncio.Protocol))


async def stale(directory, loop):
    path = directory + "/stale"
    left = socket.socket(socket.AF_UNIX)
    left.bind(path)
    left.close()
    await attempt(directory, loop.create_unix_connection(asyncio.Protocol, path))
    server = await loop.create_unix_server(asyncio.Protocol, path)
    transport, _ = await loop.create_unix_connection(asyncio.Protocol, path)
    print("connected", os.path.basename(transport.get_extra_info("peername")))
    transport.close()
    server.close()
    await server.wait_closed()


async def amain():
    loop = asyncio.get_running_loop()
    with tempfile.TemporaryDirectory() as directory:
        await refused(directory, loop)
        await stale(directory, loop)


asyncio.run(amain())
