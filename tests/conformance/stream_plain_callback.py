# Pins STR-20: a client callback may be a plain function; it is called once per connection, before
# the client's data is consumed, and the streams live on after it returned.
import asyncio


async def amain():
    connections = asyncio.Queue()

    def on_client(reader, writer):
        print("callback")
        writer.write(b"hello\n")
        connections.put_nowait((reader, writer))

    server = await asyncio.start_server(on_client, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for i in range(2):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        print(await reader.readline())
        server_reader, server_writer = await connections.get()
        writer.write(b"question\n")
        print(await server_reader.readline())
        server_writer.write(b"answer\n")
        print(await reader.readline())
        server_writer.close()
        print("eof", await reader.read())
        writer.close()
        await writer.wait_closed()
    print(connections.empty())
    server.close()


asyncio.run(amain())
