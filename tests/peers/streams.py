#!/usr/bin/env python3
"""streams.py STREAM_PEER SCENARIO: plain streams against socat, nc and Python's asyncio."""
import asyncio
import contextlib
import os
import pathlib
import socket
import subprocess

from common import (PEER, SECONDS, equal, main, next_line, our_client, our_server, running,
                    scenario)


@contextlib.contextmanager
def our_unix_server(mode, path):
    with running(PEER, mode, "unix", path) as process:
        next_line(process, "port ")
        yield lambda start="": next_line(process, start)


def exchange(command, text):
    """What a foreign client gets that ends its output after `text`."""
    done = subprocess.run([*map(str, command)], input=text, timeout=SECONDS, check=True,
                          stdout=subprocess.PIPE, text=True)
    return done.stdout


def tcp_clients(port):
    """-t bounds how long socat waits for an answer after the end of its input."""
    return [["nc", "-N", "127.0.0.1", port],
            ["socat", "-t", SECONDS, "STDIO", f"TCP4:127.0.0.1:{port}"]]


def unix_clients(path):
    return [["nc", "-N", "-U", path], ["socat", "-t", SECONDS, "STDIO", f"UNIX-CONNECT:{path}"]]


def check_echo(clients, line):
    for command in clients:
        for text in ("hello\n", "x" * 3_000_000 + "\n"):
            equal(exchange(command, text), f"{text}end {len(text)}\n")
            equal(line("eof after "), str(len(text)))
            equal(line("ended "), "None")


# ---- half-closed by the client: the server answers after the end of what it reads ------------------
@scenario
def half_closing_clients(made):
    with our_server("echo", "tcp", 0) as (port, line):
        check_echo(tcp_clients(port), line)


@scenario
def half_closing_unix_clients(made):
    path = made.folder / "echo"
    with our_unix_server("echo", path) as line:
        check_echo(unix_clients(path), line)


@scenario
def answering_after_our_end(made):
    """Both answer only when they have seen the end of our output."""
    for answer in ("SYSTEM:'cat; echo after'", "EXEC:'sort'"):
        with socat_listening(answer) as port:
            expected = "answer hello\nafter" if "after" in answer else "answer hello"
            equal("\n".join(our_client("tcp", port, mode="ask")), f"{expected}\nended None")


# ---- half-closed by the server: the client sends after the end of what it reads --------------------
@scenario
def half_closing_us(made):
    with our_server("greet", "tcp", 0) as (port, line):
        # Neither client stops sending because the server ended.
        for command in tcp_clients(port):
            with running(*command, stdin=subprocess.PIPE) as client:
                equal(next_line(client), "greeting")
                client.stdin.write("late\n")
                client.stdin.close()
                equal(line("got "), "late")
                equal(line("ended "), "None")


@contextlib.contextmanager
def socat_listening(answer):
    """A socat that accepts one connection; it waits for both directions to end."""
    with running("socat", "-d", "-d", "-t", SECONDS, "TCP4-LISTEN:0,bind=127.0.0.1", answer,
                 stderr=subprocess.PIPE) as process:
        for line in process.stderr:
            if "listening on" in line:
                break
        yield int(line.rsplit(":", 1)[1])


@scenario
def half_closing_server(made):
    """nc ends its output at the end of its input and prints what comes then."""
    port = free_port()
    with running("nc", "-N", "-l", "127.0.0.1", port, stdin=subprocess.PIPE) as server:
        wait_until_listening(port)
        server.stdin.write("first\n")
        server.stdin.close()
        equal(our_client("tcp", port, mode="listen"), ["answer first", "ended None"])
        equal(server.stdout.read(), "late\n")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_listening(port):
    """Without connecting: nc serves one connection."""
    wanted = f":{port:04X} "
    while not any(wanted in line and " 0A " in line
                  for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()):
        os.sched_yield()


# ---- Python's asyncio ----------------------------------------------------------------------------
LINE = b"x" * 50_000 + b"\n"


async def echo_lines(reader, writer, count=40):
    for _ in range(count):
        writer.write(LINE)
        assert await reader.readline() == LINE
    writer.write_eof()
    size = count * len(LINE)
    equal(await reader.read(), f"end {size}\n".encode())
    writer.close()
    await writer.wait_closed()


def run_bounded(awaitable):
    async def bounded():
        return await asyncio.wait_for(awaitable, SECONDS)
    return asyncio.run(bounded())


@scenario
def python_client(made):
    async def ask(port):
        await echo_lines(*await asyncio.open_connection("127.0.0.1", port, limit=1 << 20))

    with our_server("echo", "tcp", 0) as (port, line):
        run_bounded(ask(port))
        equal(line("ended "), "None")


@scenario
def python_unix_client(made):
    async def ask():
        await echo_lines(*await asyncio.open_unix_connection(path, limit=1 << 20))

    path = made.folder / "echo"
    with our_unix_server("echo", path) as line:
        run_bounded(ask())
        equal(line("ended "), "None")


async def python_echo(reader, writer):
    while data := await reader.read(1 << 16):
        writer.write(data)
        await writer.drain()
    writer.write(b"after")
    writer.close()


async def clients_of(server, *where):
    """What our clients write, one after the other."""
    async with server:
        client = lambda mode, *more: asyncio.to_thread(our_client, *where, *more, mode=mode)
        return [await client("lines", 40), await client("ask")]


EXPECTED = [["same 40", "ended None"], ["answer hello", "after", "ended None"]]


@scenario
def python_server(made):
    async def serve():
        server = await asyncio.start_server(python_echo, "127.0.0.1", 0)
        return await clients_of(server, "tcp", server.sockets[0].getsockname()[1])

    equal(run_bounded(serve()), EXPECTED)


@scenario
def python_unix_server(made):
    async def serve():
        path = made.folder / "python"
        return await clients_of(await asyncio.start_unix_server(python_echo, path), "unix", path)

    equal(run_bounded(serve()), EXPECTED)


main()
