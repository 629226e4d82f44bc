"""Three independent clients talk through the chat server: one in C++, one in Python, and nc.

    chat_demo.py BUILD_DIR

Prints the conversation, interrupts the server, and fails loudly when a message is lost, repeated
or out of order, or when anything takes longer than ten seconds.
"""
import asyncio
import pathlib
import signal
import sys

HERE = pathlib.Path(__file__).resolve().parent
PIPE = asyncio.subprocess.PIPE

CONVERSATION = [
    ("alice", "Hello! I am written in C++."),
    ("bob", "And I in Python. Who else is there?"),
    ("carol", "Just netcat. Can everybody read me?"),
    ("alice", "Loud and clear."),
    ("bob", "To me as well. Bye, everybody!"),
]


async def start(*command):
    return await asyncio.create_subprocess_exec(*map(str, command), stdin=PIPE, stdout=PIPE)


async def read_line(process):
    line = await process.stdout.readline()
    if not line:
        raise SystemExit("FAILED: a program ended before its time")
    return line.decode().rstrip("\n")


async def expect(processes, text):
    """Every process must print this line next."""
    for name, process in processes.items():
        line = await read_line(process)
        if line != text:
            raise SystemExit(f"FAILED: {name} should have read {text!r}, but read {line!r}")
    print(text, flush=True)


async def join(port, audience, name, *command):
    """Starts a client; everybody, the newcomer included, hears of it."""
    process = audience[name] = await start(*command)
    if name == "carol":
        process.stdin.write(b"carol\n")
    await expect(audience, f"* {name} joined")


async def demo(examples):
    server = await start(examples / "chat_server", 0)
    audience = {"the server": server}
    port = (await read_line(server)).rsplit(" ", 1)[1]
    print(f"$ chat_server {port}", flush=True)
    await join(port, audience, "alice", examples / "chat_client", port, "alice")
    await join(port, audience, "bob", sys.executable, HERE / "chat_client.py", port, "bob")
    await join(port, audience, "carol", "nc", "127.0.0.1", port)
    for name, text in CONVERSATION:
        audience[name].stdin.write(f"{text}\n".encode())
        await expect(audience, f"{name}: {text}")
    server.send_signal(signal.SIGINT)
    await expect(audience, "* the server is going down")
    await expect({"the server": server}, "bye")
    for name, process in audience.items():
        process.stdin.close()
        rest = await process.stdout.read()
        status = await process.wait()
        if rest or status:
            raise SystemExit(f"FAILED: {name} ended with status {status} and {rest!r}")
    print(f"All {len(CONVERSATION)} messages reached everybody; the server ended in order.")


async def main():
    try:
        await asyncio.wait_for(demo(pathlib.Path(sys.argv[1]).resolve() / "examples"), 10)
    except asyncio.TimeoutError:
        raise SystemExit("FAILED: no answer for ten seconds")


asyncio.run(main())
