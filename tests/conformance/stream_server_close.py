# python >= 3.12
# Pins SRV-01, SRV-02, SRV-03: close() stops listening but leaves connections alone; wait_closed
# returns only when the last one has ended; all who wait are woken.
import asyncio


async def echo(reader, writer):
    while line := await reader.readline():
        writer.write(line)
    writer.close()


async def waiter(server, name):
    await server.wait_closed()
    print(name, "closed")


async def amain():
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    print("serving", server.is_serving(), len(server.sockets))
    early = asyncio.create_task(waiter(server, "early"))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"before\n")
    print(await reader.readline())
    server.close()
    server.close()
    print("serving", server.is_serving(), len(server.sockets))
    late = asyncio.create_task(waiter(server, "late"))
    writer.write(b"after\n")
    print(await reader.readline())
    print("waiting", early.done(), late.done())
    try:
        await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError as e:
        print(type(e).__name__)
    writer.close()
    await asyncio.gather(early, late)
    await server.wait_closed()
    print("end")


asyncio.run(amain())
