# Pins STR-18, TRN-11, TRN-12: after write_eof the peer reads EOF but may go on writing, and its
# answer arrives; write after write_eof raises, a second write_eof is ignored.
import asyncio


async def summer(reader, writer):
    data = await reader.read()
    print("server saw EOF", reader.at_eof(), writer.is_closing())
    total = sum(int(part) for part in data.split())
    writer.write(b"total %d\n" % total)
    await writer.drain()
    await asyncio.sleep(0)
    writer.write(b"bye\n")
    writer.close()
    await writer.wait_closed()


async def amain():
    server = await asyncio.start_server(summer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    print("can_write_eof", writer.can_write_eof())
    writer.write(b"1 2 ")
    writer.write(b"39")
    writer.write_eof()
    writer.write_eof()
    try:
        writer.write(b"4")
    except RuntimeError as e:
        print(repr(e))
    print(await reader.readline())
    print(await reader.read())
    print("closing", writer.is_closing())
    writer.close()
    print("closing", writer.is_closing())
    await writer.wait_closed()
    server.close()


asyncio.run(amain())
