# Pins SRV-04: serve_forever is awaited once; cancelling it closes the server and raises
# CancelledError; a plain close() ends it with CancelledError too; on a closed server it is refused.
import asyncio


async def on_client(reader, writer):
    writer.close()


async def amain():
    server = await asyncio.start_server(on_client, "127.0.0.1", 0, start_serving=False)
    print("serving", server.is_serving())
    task = asyncio.create_task(server.serve_forever())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("serving", server.is_serving())
    try:
        await server.serve_forever()
    except RuntimeError as e:
        print("is already being awaited on serve_forever()" in str(e))
    task.cancel()
    await asyncio.wait([task])
    print("cancelled", task.cancelled(), server.is_serving())
    try:
        await server.serve_forever()
    except RuntimeError as e:
        print("is closed" in str(e))

    server = await asyncio.start_server(on_client, "127.0.0.1", 0)
    task = asyncio.create_task(server.serve_forever())
    await asyncio.sleep(0)
    server.close()
    await asyncio.wait([task])
    print("closed", task.cancelled(), server.is_serving())


asyncio.run(amain())
