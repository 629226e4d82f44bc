"""The same client in Python: the server does not notice the difference.

    chat_client.py PORT NAME
"""
import asyncio
import sys


async def send_input(writer):
    while line := await asyncio.to_thread(sys.stdin.readline):
        writer.write(line.encode())
        await writer.drain()
    writer.write_eof()


async def chat(port, name):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{name}\n".encode())
    sender = asyncio.create_task(send_input(writer))
    while line := await reader.readline():
        print(line.decode(), end="", flush=True)
    sender.cancel()
    writer.close()
    await writer.wait_closed()


asyncio.run(chat(int(sys.argv[1]), sys.argv[2]))
