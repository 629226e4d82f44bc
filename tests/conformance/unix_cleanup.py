# python >= 3.13
# Pins CON-13: closing a Unix server removes its path, unless it was told not to or the path is
# another file by then.
import asyncio
import os
import tempfile


async def amain():
    loop = asyncio.get_running_loop()
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "s")
        server = await loop.create_unix_server(asyncio.Protocol, path)
        print("serving", os.path.exists(path))
        server.close()
        print("closed", os.path.exists(path))
        server = await loop.create_unix_server(asyncio.Protocol, path, cleanup_socket=False)
        server.close()
        print("kept", os.path.exists(path))
        first = await loop.create_unix_server(asyncio.Protocol, path)
        second = await loop.create_unix_server(asyncio.Protocol, path)
        first.close()
        print("taken over", os.path.exists(path))
        second.close()
        print("closed", os.path.exists(path))
        bound = await loop.create_unix_server(asyncio.Protocol, path, start_serving=False)
        print("bound", os.path.exists(path))
        bound.close()
        print("closed", os.path.exists(path))
        gone = await loop.create_unix_server(asyncio.Protocol, path)
        os.unlink(path)
        gone.close()
        print("gone", os.path.exists(path))
        await second.wait_closed()


asyncio.run(amain())
