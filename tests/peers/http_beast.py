#!/usr/bin/env python3
"""http_beast.py HTTP_BEAST SCENARIO: examples/http_beast.cpp against curl and Python's http.client.

A scenario is a function below; it fails by an AssertionError, or when something takes longer than
SECONDS.
"""
import contextlib
import http.client
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading

SECONDS = 20
SERVER = sys.argv[1]
SCENARIOS = {}


def scenario(function):
    SCENARIOS[function.__name__] = function
    return function


def equal(found, expected):
    assert found == expected, f"{found!r} is not {expected!r}"


class Server:
    def __init__(self, process):
        self.process = process
        line = process.stdout.readline()
        assert line.startswith("port "), line
        self.port = int(line[5:])

    @contextlib.contextmanager
    def client(self):
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        with contextlib.closing(client):
            yield client

    def socket(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)

    def exchange(self, request):
        """All that comes until the server closes the connection."""
        with self.socket() as sock:
            sock.sendall(request)
            return read_all(sock)

    def end(self, number):
        self.process.send_signal(number)

    def ended(self):
        equal(self.process.stdout.read(), "served\n")
        equal(self.process.wait(SECONDS), 0)

    def curl(self, *arguments):
        done = subprocess.run(["curl", "--silent", "--show-error", "--noproxy", "*",
                               *map(str, arguments)],
                              timeout=SECONDS, check=True, stdout=subprocess.PIPE)
        return done.stdout

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"


@contextlib.contextmanager
def running():
    process = subprocess.Popen([SERVER], stdout=subprocess.PIPE, text=True)
    guard = threading.Timer(SECONDS, process.kill)
    guard.start()
    try:
        yield Server(process)
    finally:
        guard.cancel()
        process.kill()
        process.wait()


def read_all(sock):
    return b"".join(iter(lambda: sock.recv(65536), b""))


def request(client, method, path, body=None, headers={}):
    client.request(method, path, body=body, headers=headers)
    response = client.getresponse()
    return response, response.read()


@scenario
def keep_alive(server):
    with server.client() as client:
        client.connect()
        sock = client.sock
        for _ in range(3):
            response, body = request(client, "GET", "/")
            equal((response.status, body), (200, b"hello\n"))
            equal(response.getheader("Content-Length"), "6")
        response, body = request(client, "HEAD", "/")
        equal((response.status, body), (200, b""))
        equal(response.getheader("Content-Length"), "6")
        response, body = request(client, "GET", "/stream")
        equal((response.status, body), (200, b"hello in chunks\n"))
        equal(response.getheader("Transfer-Encoding"), "chunked")
        response, body = request(client, "HEAD", "/stream")
        equal((response.status, body), (200, b""))
        response, body = request(client, "GET", "/nowhere")
        equal((response.status, body), (404, b"not found\n"))
        response, body = request(client, "DELETE", "/")
        equal(response.status, 405)
        assert client.sock is sock, "the connection was not kept"
        response, body = request(client, "GET", "/", headers={"Connection": "close"})
        equal((response.getheader("Connection"), body), ("close", b"hello\n"))
        assert client.sock is None


@scenario
def http_1_0(server):
    answer = server.exchange(b"GET /stream HTTP/1.0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.0 200 OK\r\n"), answer
    assert answer.endswith(b"\r\n\r\nhello in chunks\n"), answer


@scenario
def pipelining(server):
    answer = server.exchange(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"
                             b"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
                             b"GET /nowhere HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
                             b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
    parts = answer.split(b"HTTP/1.1 ")
    equal([part[:3] for part in parts], [b"", b"200", b"200", b"404"])
    equal([part.split(b"\r\n\r\n")[1] for part in parts[1:]],
          [b"hello\n", b"abc", b"not found\n"])


@scenario
def byte_by_byte(server):
    with server.socket() as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n":
            sock.sendall(bytes([byte]))
        answer = read_all(sock)
    assert answer.endswith(b"\r\n\r\nhello\n"), answer


@scenario
def upload(server):
    content = os.urandom(1 << 20)
    with server.client() as client:
        for _ in range(2):
            response, body = request(client, "POST", "/echo", content)
            equal(response.status, 200)
            assert body == content
        # In chunks, without a length.
        response, body = request(client, "POST", "/echo", iter([content[:1000], content[1000:]]))
        equal(response.status, 200)
        assert body == content
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "content"
        path.write_bytes(content)
        body = server.curl("--data-binary", f"@{path}", "--header", "Expect: 100-continue",
                           "--expect100-timeout", SECONDS * 2, server.url("/echo"))
        assert body == content


@scenario
def too_large(server):
    for size in (2 << 20, 8 << 20):
        with server.client() as client:
            try:
                client.request("POST", "/echo", body=b"x" * size)
            except (BrokenPipeError, ConnectionResetError):
                pass  # the answer came first
            response = client.getresponse()
            equal((response.status, response.getheader("Connection")), (413, "close"))
    answer = server.exchange(b"GET / HTTP/1.1\r\nLong: " + b"x" * 20000 + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 431 "), answer


@scenario
def bad_requests(server):
    for line in (b"GARBAGE\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET /\0 HTTP/1.1\r\n\r\n",
                 b"GET / HTTP/1.1\r\nContent-Length: many\r\n\r\n"):
        answer = server.exchange(line)
        assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n"), (line, answer)
        assert b"Connection: close\r\n" in answer, answer
    # A request that is broken off gets no answer, and hurts nobody else.
    with server.socket() as sock:
        sock.sendall(b"GET / HT")
        sock.shutdown(socket.SHUT_WR)
        equal(read_all(sock), b"")
    equal(server.curl(server.url("/")), b"hello\n")


@scenario
def curl(server):
    equal(server.curl(server.url("/"), server.url("/stream"), server.url("/nowhere"),
                      "--write-out", "%{num_connects} "),
          b"hello\n1 hello in chunks\n0 not found\n0 ")
    assert server.curl("--head", server.url("/")).startswith(b"HTTP/1.1 200 OK\r\n")
    equal(server.curl("--data", "text", server.url("/echo")), b"text")


@scenario
def many_at_once(server):
    clients = [server.socket() for _ in range(50)]
    for client in clients:
        client.sendall(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
    for client in clients:
        with client:
            assert read_all(client).endswith(b"hello\n")


@scenario
def graceful_shutdown(server):
    with server.socket() as idle, server.socket() as busy:
        idle.sendall(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        assert idle.recv(65536).startswith(b"HTTP/1.1 200 ")
        busy.sendall(b"POST /echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
        equal(busy.recv(65536), b"HTTP/1.1 100 Continue\r\n\r\n")
        server.end(signal.SIGTERM)
        equal(read_all(idle), b"")
        busy.sendall(b"late")
        answer = read_all(busy)
        assert b"Connection: close\r\n" in answer and answer.endswith(b"late"), answer
    server.ended()


@scenario
def interrupted(server):
    server.end(signal.SIGINT)
    server.ended()


for name in sys.argv[2:] or SCENARIOS:
    with running() as started:
        SCENARIOS[name](started)
