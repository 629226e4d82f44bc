#!/usr/bin/env python3
"""tls.py TLS_PEER SCENARIO: our TLS against openssl, curl and Python's asyncio, on loopback."""
import asyncio
import contextlib
import socket
import ssl
import subprocess
import threading

from common import (SECONDS, equal, like, main, next_line, our_client, our_server, running,
                    scenario)


@contextlib.contextmanager
def s_server(*arguments):
    """openssl's server, which sends each line back reversed; gives its port."""
    with running("openssl", "s_server", "-accept", "127.0.0.1:0", "-rev", *arguments,
                 stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        yield int(next_line(process, "ACCEPT ").rsplit(":", 1)[1])


def s_client(port, certificates, *arguments):
    """What openssl's client gets back for a line."""
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile", certificates.ca,
         "-verify_return_error", "-verify_hostname", "localhost", "-servername", "localhost",
         "-quiet", "-no_ign_eof", *arguments],
        input="hello\n", timeout=SECONDS, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return done.stdout, done.stderr


# ---- openssl -------------------------------------------------------------------------------------
def versions():
    return [("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")]


@scenario
def openssl_client(made):
    with our_server("serve", made.server) as (port, line):
        for option, version in versions():
            # s_client ends with its input; keep it open until the answer is there.
            with running("openssl", "s_client", "-connect", f"127.0.0.1:{port}", option, "-quiet",
                         "-CAfile", made.ca, "-verify_return_error", "-verify_hostname",
                         "localhost", stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as client:
                client.stdin.write("hello\n")
                client.stdin.flush()
                equal(next_line(client), "hello")
                equal(line("version "), version)
            line("ended ")


@scenario
def openssl_client_refuses_us(made):
    with our_server("serve", made.other) as (port, line):
        _, errors = s_client(port, made)
        like(errors, "ostname mismatch")
        like(line("failed "), "ALERT_BAD_CERTIFICATE")


@scenario
def openssl_client_certificate(made):
    with our_server("serve", made.server, made.ca) as (port, line):
        for option, version in versions():
            s_client(port, made, option, "-cert", made.client)
            equal(line("version "), version)
            equal(line("peer "), "client")
            equal(line("ended "), "None")
            s_client(port, made, option)
            like(line("failed "), "PEER_DID_NOT_RETURN_A_CERTIFICATE")
            s_client(port, made, option, "-cert", made.self_signed)
            like(line("failed "), "CERTIFICATE_VERIFY_FAILED")


@scenario
def openssl_client_vanishes(made):
    with our_server("serve", made.server) as (port, line):
        with socket.create_connection(("127.0.0.1", port)) as plain:
            plain.sendall(b"\x16\x03\x01")
        like(line("failed "), "ConnectionResetError")


@scenario
def openssl_server(made):
    for option, version in versions():
        with s_server("-cert", made.server, option) as port:
            equal(our_client(port, made.ca, "localhost"),
                  [f"version {version}", "peer server", "answer olleh", "ended None"])


@scenario
def openssl_server_wants_certificate(made):
    for option, version in versions():
        with s_server("-cert", made.server, "-Verify", "1", "-verify_return_error", "-CAfile",
                      made.ca, option) as port:
            equal(our_client(port, made.ca, "localhost", made.client),
                  [f"version {version}", "peer server", "answer olleh", "ended None"])
            like(our_client(port, made.ca, "localhost")[-1], "ended SSLError(1, '[SSL: ")


def refused(made, certificate, reason, name="localhost"):
    with s_server("-cert", certificate) as port:
        lines = our_client(port, made.ca, name)
        equal(len(lines), 1)
        like(lines[0], "ended SSLCertVerificationError(1, ")
        like(lines[0], "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: ")
        like(lines[0], reason)


@scenario
def wrong_host(made):
    refused(made, made.other, "Hostname mismatch, certificate is not valid for 'localhost'.")
    refused(made, made.server, "IP address mismatch", name="127.0.0.2")


@scenario
def expired(made):
    refused(made, made.expired, "certificate has expired")


@scenario
def self_signed(made):
    refused(made, made.self_signed, "self-signed certificate")


# ---- Python --------------------------------------------------------------------------------------
def python_server_context(files):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.server)
    return context


@scenario
def truncated(made):
    """A server that ends the connection without close_notify, then one that ends it properly."""
    context = python_server_context(made)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def serve():
            for goodbye in (False, False, True):
                plain, _ = listener.accept()
                tls = context.wrap_socket(plain, server_side=True, suppress_ragged_eofs=True)
                tls.recv(100)
                tls.sendall(b"answer\n")
                if goodbye:
                    tls.unwrap().close()
                else:
                    tls.close()
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        equal(our_client(port, made.ca, "localhost")[-2:], ["answer answer", "ended None"])
        like(our_client(port, made.ca, "localhost", "strict")[-1], "ended SSLEOFError(8, ")
        equal(our_client(port, made.ca, "localhost", "strict")[-1], "ended None")
        thread.join(SECONDS)


@scenario
def python_client(made):
    async def ask(port):
        context = ssl.create_default_context(cafile=made.ca)
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
        line = b"x" * 50_000 + b"\n"
        for _ in range(40):
            writer.write(line)
            assert await reader.readline() == line
        writer.close()
        await writer.wait_closed()

    with our_server("serve", made.server) as (port, line):
        asyncio.run(asyncio.wait_for(ask(port), SECONDS))
        equal(line("ended "), "None")


async def with_python_server(made, handler, *, mode, tls):
    context = python_server_context(made) if tls else None
    server = await asyncio.start_server(handler, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    loop = asyncio.get_running_loop()
    lines = await asyncio.wait_for(
        loop.run_in_executor(None, lambda: our_client(port, made.ca, "localhost", mode=mode)),
        SECONDS)
    server.close()
    return lines


@scenario
def python_server(made):
    async def handler(reader, writer):
        writer.write((await reader.readline()).upper())
        await reader.read()
        writer.close()

    equal(asyncio.run(with_python_server(made, handler, mode="connect", tls=True)),
          ["version TLSv1.3", "peer server", "answer HELLO", "ended None"])


@scenario
def python_server_upgrades(made):
    class Protocol(asyncio.Protocol):
        """Python 3.11's StreamWriter.start_tls() loses a client's first message, this does not."""

        def connection_made(self, transport):
            self.transport = transport

        def data_received(self, data):
            if data == b"STARTTLS\n":
                self.transport.pause_reading()
                self.transport.write(b"go ahead\n")
                self.task = asyncio.ensure_future(self.upgrade())
            else:
                self.answering = asyncio.ensure_future(self.answer(data))

        async def answer(self, data):
            await self.task  # data may come before start_tls() has returned
            self.transport.write(data.upper())

        async def upgrade(self):
            self.transport = await asyncio.get_running_loop().start_tls(
                self.transport, self, python_server_context(made), server_side=True)

    async def serve():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(Protocol, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        return await asyncio.wait_for(
            loop.run_in_executor(None, lambda: our_client(port, made.ca, "localhost",
                                                          mode="upgrade")), SECONDS)

    equal(asyncio.run(serve()), ["answer go ahead", "version TLSv1.3", "peer server",
                                "answer HELLO", "ended None"])


# ---- curl ----------------------------------------------------------------------------------------
@scenario
def curl(made):
    with our_server("http", made.server) as (port, line):
        for option in ("--tlsv1.2", "--tlsv1.3"):
            done = subprocess.run(
                ["curl", "--silent", "--show-error", "--noproxy", "*", "--cacert", made.ca, option,
                 f"https://127.0.0.1:{port}/path"],
                timeout=SECONDS, check=True, stdout=subprocess.PIPE, text=True)
            equal(done.stdout, "hello\n")
            equal(line("request "), "GET /path HTTP/1.1")


main()
