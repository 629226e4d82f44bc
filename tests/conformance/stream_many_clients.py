# Pins SRV-07, STR-20: many clients at once, each in its own handler task, answers in the order the
# server chooses and not in the order of arrival; results come in argument order.
import asyncio


async def amain():
    everybody = asyncio.Event()
    waiting = []

    async def on_client(reader, writer):
        number = int(await reader.readline())
        waiting.append(number)
        if len(waiting) == 8:
            everybody.set()
        await everybody.wait()
        writer.write(b"%d squared is %d\n" % (number, number * number))
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async def client(number):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"%d\n" % number)
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer

    server = await asyncio.start_server(on_client, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for answer in await asyncio.gather(*[client(i) for i in range(8)]):
        print(answer)
    print(sorted(waiting))
    server.close()
    await server.wait_closed()


asyncio.run(amain())
