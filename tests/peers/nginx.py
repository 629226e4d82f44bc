#!/usr/bin/env python3
"""nginx.py STREAM_PEER SCENARIO: our TLS client against nginx.

nginx runs as whoever runs the test, with everything in a temporary directory; it gets a socket that
listens already, so there is neither a port to guess nor a start to wait for.
"""
import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import zlib

from common import PEER, SECONDS, equal, like, main, next_line, our_client, running, scenario

REQUESTS = 3
FILE = os.urandom(1 << 20) * 4

CONFIGURATION = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    keepalive_requests {requests};
    keepalive_timeout {keepalive};
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {certificate};
        ssl_certificate_key {certificate};
        ssl_protocols {version};
        root {folder}/files;
        location = /small {{ return 200 "hello from nginx\\n"; }}
    }}
}}
"""


@contextlib.contextmanager
def nginx(made, certificate=None, version="TLSv1.2 TLSv1.3", keepalive="60s"):
    """nginx's process and its port."""
    program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")
    assert program, "nginx is not installed"
    (made.folder / "files").mkdir(exist_ok=True)
    (made.folder / "files" / "large").write_bytes(FILE)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        settings = made.folder / "nginx.conf"
        settings.write_text(CONFIGURATION.format(
            folder=made.folder, certificate=certificate or made.server, port=port, version=version,
            requests=REQUESTS, keepalive=keepalive,
            # Of a superuser nginx would make `nobody`, who may not read the directory.
            user="user root root;" if os.getuid() == 0 else ""))
        # The way in which nginx hands its sockets to a newer nginx.
        inherited = {**os.environ, "NGINX": f"{listener.fileno()};"}
        master = subprocess.Popen([program, "-p", made.folder, "-c", settings, "-e", "stderr"],
                                  env=inherited, pass_fds=[listener.fileno()])
        try:
            yield master, port
        finally:
            master.terminate()  # it ends its worker; killed, it would leave it behind
            master.wait(SECONDS)


def worker_of(master):
    children = pathlib.Path(f"/proc/{master.pid}/task/{master.pid}/children").read_text()
    return int(children.split()[0])


def get(port, made, name="localhost", path="/small", count=REQUESTS):
    return our_client(port, made.ca, name, path, count, mode="get")


def answer(body, connection="keep-alive"):
    return f"HTTP/1.1 200 OK {len(body)} {zlib.adler32(body)} {connection}"


SMALL = answer(b"hello from nginx\n")


@scenario
def versions(made):
    """Requests over one connection, which nginx ends after the last: properly, by close_notify."""
    for version in ("TLSv1.2", "TLSv1.3"):
        with nginx(made, version=version) as (_, port):
            equal(get(port, made),
                  [f"version {version}", SMALL, SMALL, SMALL.replace("keep-alive", "close"),
                   "rest 0", "ended None"])


@scenario
def large_file(made):
    with nginx(made) as (_, port):
        equal(get(port, made, path="/large")[1:],
              [answer(FILE), answer(FILE), answer(FILE, "close"), "rest 0", "ended None"])


@scenario
def wrong_host(made):
    with nginx(made, certificate=made.other) as (_, port):
        lines = get(port, made)
        equal(len(lines), 1)
        like(lines[0], "ended SSLCertVerificationError(1, ")
        like(lines[0], "Hostname mismatch, certificate is not valid for 'localhost'.")
        # The same server under the name it has.
        equal(get(port, made, name="example.org")[-2:], ["rest 0", "ended None"])


@scenario
def unknown_authority(made):
    with nginx(made, certificate=made.self_signed) as (_, port):
        like(get(port, made)[-1], "self-signed certificate")


@scenario
def closes_idle_connection(made):
    with nginx(made, keepalive="1s") as (_, port):
        equal(get(port, made, count=1)[1:], [SMALL, "rest 0", "ended None"])


@scenario
def truncated(made):
    """A worker dies: the system ends the connection, without close_notify."""
    with nginx(made) as (process, port):
        with running(PEER, "get", port, made.ca, "localhost", "/small", 1) as client:
            equal(next_line(client, "HTTP"), SMALL[len("HTTP"):])
            os.kill(worker_of(process), signal.SIGKILL)
            like(next_line(client, "ended "), "SSLEOFError(8, '[SSL: UNEXPECTED_EOF_WHILE_READING]")


main()
