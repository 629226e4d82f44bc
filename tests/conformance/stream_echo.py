# Pins STR-14, STR-17, PRO-01: a line echo over loopback; every print is forced by a message, so a
# port that loses, merges or reorders lines, or misses EOF, differs.
import asyncio


async def echo(reader, writer):
    while True:
        line = await reader.readline()
        print("server got", line)
        if not line:
            break
        writer.write(line.upper())
        await writer.drain()
    writer.close()
    await writer.wait_closed()


async def amain():
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for line in (b"one\n", b"two\nthree\n", b"last without newline"):
        writer.write(line)
        await writer.drain()
        for _ in range(line.count(b"\n")):
            print("client got", await reader.readline())
    writer.write_eof()
    print("client got", await reader.read())
    print("client at eof", reader.at_eof())
    writer.close()
    await writer.wait_closed()
    server.close()
    await server.wait_closed()
    print("done")


asyncio.run(amain())
