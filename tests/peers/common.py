"""What the scripts share that set our programs against others.

    SCRIPT PROGRAM [SCENARIO...]

PROGRAM is ours. A scenario is a function of the script; its parameter has the certificates, which are
made when they are needed. It fails by an exception, or when something takes longer than SECONDS.
"""
import contextlib
import functools
import pathlib
import subprocess
import sys
import tempfile
import threading

SECONDS = 20
PEER = sys.argv[1]
SCENARIOS = {}


def scenario(function):
    SCENARIOS[function.__name__] = function
    return function


def main():
    with tempfile.TemporaryDirectory() as folder:
        for name in sys.argv[2:] or SCENARIOS:
            SCENARIOS[name](Certificates(folder))


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, timeout=SECONDS,
                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


class Certificates:
    """Files with a certificate and its key, issued by `ca` unless self-signed."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    @functools.cached_property
    def ca(self):
        return self.make("ca", "/CN=authority", issuer=None,
                         extensions=["basicConstraints=critical,CA:TRUE",
                                     "keyUsage=critical,keyCertSign,cRLSign"])

    @functools.cached_property
    def server(self):
        return self.make("server", "/CN=server")

    @functools.cached_property
    def client(self):
        return self.make("client", "/CN=client")

    @functools.cached_property
    def other(self):
        return self.make("other", "/CN=other", names="DNS:example.org")

    @functools.cached_property
    def self_signed(self):
        return self.make("self-signed", "/CN=alone", issuer=None)

    @functools.cached_property
    def expired(self):
        return self.make("expired", "/CN=old", days=-1)

    def make(self, name, subject, issuer="ca", names="DNS:localhost,IP:127.0.0.1", days=3,
             extensions=()):
        if issuer:
            getattr(self, issuer)
        key, request, chain = (self.folder / f"{name}.{kind}" for kind in ("key", "csr", "pem"))
        openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", key, "-subj", subject, "-out", request)
        lines = [*extensions, f"subjectAltName={names}", "subjectKeyIdentifier=hash"]
        if issuer:
            lines.append("authorityKeyIdentifier=keyid")
        settings = self.folder / f"{name}.ext"
        settings.write_text("\n".join(lines))
        by = ["-CA", self.folder / f"{issuer}.pem", "-CAcreateserial"] if issuer else ["-signkey", key]
        openssl("x509", "-req", "-in", request, *by, "-days", days, "-extfile", settings,
                "-out", chain)
        chain.write_text(chain.read_text() + key.read_text())
        return str(chain)


@contextlib.contextmanager
def running(*command, **options):
    process = subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, text=True, **options)
    guard = threading.Timer(SECONDS, process.kill)
    guard.start()
    try:
        yield process
    finally:
        guard.cancel()
        process.kill()
        process.wait()


@contextlib.contextmanager
def our_server(*arguments):
    """Our server, its port, and a function that gives its next line."""
    with running(PEER, *arguments) as process:
        yield int(next_line(process, "port ")), lambda start="": next_line(process, start)


def next_line(process, start=""):
    for line in process.stdout:
        if line.startswith(start):
            return line[len(start):].rstrip("\n")
    raise AssertionError(f"nothing began with {start!r}")


def our_client(*arguments, mode="connect"):
    """What our client writes."""
    done = subprocess.run([PEER, mode, *map(str, arguments)], timeout=SECONDS, check=True,
                          stdout=subprocess.PIPE, text=True)
    return done.stdout.splitlines()


def equal(found, expected):
    assert found == expected, f"{found!r} instead of {expected!r}"


def like(found, part):
    assert part in found, f"{part!r} is not in {found!r}"
