# Pins STR-23, section 11 keys: the client's sockname is the server's peername and the reverse; an
# unknown key gives the default; the info stays readable after close.
import asyncio


async def amain():
    accepted = asyncio.get_running_loop().create_future()

    async def on_client(reader, writer):
        accepted.set_result(writer)
        await reader.read()
        writer.close()

    server = await asyncio.start_server(on_client, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    reader, writer = await asyncio.open_connection("127.0.0.1", address[1])
    peer = await accepted
    print(writer.get_extra_info("peername") == address)
    print(writer.get_extra_info("peername") == peer.get_extra_info("sockname"))
    print(writer.get_extra_info("sockname") == peer.get_extra_info("peername"))
    print(writer.get_extra_info("sockname") == address)
    print(writer.get_extra_info("peername")[0], writer.get_extra_info("sockname")[0])
    print(writer.get_extra_info("no such key"))
    writer.close()
    await writer.wait_closed()
    print(writer.get_extra_info("peername") == address)
    server.close()


asyncio.run(amain())
