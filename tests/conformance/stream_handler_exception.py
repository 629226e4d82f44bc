# python >= 3.12
# Pins STR-20: an exception of the client handler goes to the loop's exception handler, with its
# message and transport, and closes that connection; a cancelled handler closes it silently; the
# server goes on.
import asyncio


async def amain():
    loop = asyncio.get_running_loop()
    handlers = []

    def report(loop, context):
        print(context["message"], repr(context["exception"]), context["transport"] is not None)

    async def serve(reader, writer):
        handlers.append(asyncio.current_task())
        command = await reader.readline()
        if command == b"fail\n":
            raise ValueError("bad command")
        writer.write(b"ok\n")
        await reader.read()

    loop.set_exception_handler(report)
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for command in (b"fail\n", b"cancel\n", b"work\n"):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(command)
        print(command, await reader.readline())
        if command == b"cancel\n":
            handlers[-1].cancel()
            print("after cancel", await reader.read())
        writer.close()
        await writer.wait_closed()
    server.close()


asyncio.run(amain())
