# Pins TRN-13, TRN-01: writes and writelines of many pieces arrive in order, whether they could be
# sent at once or queue behind a full socket; empty ones do nothing.
import asyncio


async def amain():
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    async def collect(reader, writer):
        done.set_result(await reader.read())
        writer.close()

    server = await asyncio.start_server(collect, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport, protocol = await loop.create_connection(asyncio.Protocol, "127.0.0.1", port)
    transport.write(b"")
    transport.writelines([])
    transport.write(b"head;")
    transport.writelines([b"line %d;" % i for i in range(3000)])
    transport.write(b"B" * (1 << 24))
    transport.writelines([b"", b"tail 1;", b"", b"tail 2"])
    print("buffered", transport.get_write_buffer_size() > 0)
    transport.write_eof()
    data = await done
    lines = b"".join(b"line %d;" % i for i in range(3000))
    print(data.startswith(b"head;" + lines), data.endswith(b"Btail 1;tail 2"))
    print(data.count(b"B") == 1 << 24, len(data) == 5 + len(lines) + (1 << 24) + 13)
    transport.close()
    server.close()


asyncio.run(amain())
