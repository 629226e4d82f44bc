#!/usr/bin/env python3
"""examples.py EXAMPLE SCENARIO: examples against nc, curl and pipes of the shell."""
import os
import signal
import subprocess

from common import PEER, SECONDS, equal, main, next_line, running, scenario


def interrupted(process):
    process.send_signal(signal.SIGINT)
    equal(process.wait(SECONDS), 130)


def output(*command, status=0, **options):
    done = subprocess.run([*map(str, command)], timeout=SECONDS, stdout=subprocess.PIPE, **options)
    equal(done.returncode, status)
    return done.stdout


@scenario
def sock_echo(made):
    equal(output(PEER), b"received: Hello, World!\n")
    with running(PEER, "serve") as server:
        port = next_line(server)
        for text in (b"hello\n", os.urandom(2_000_000)):
            equal(output("nc", "-N", "127.0.0.1", port, input=text) == text, True)
        interrupted(server)


@scenario
def line_filter(made):
    count = 50_000
    text = b"".join(b"line\n" for _ in range(count))
    numbered = output(f"cat | {PEER} | cat", shell=True, input=text)
    equal(numbered == b"".join(b"%d\tline\n" % (i + 1) for i in range(count)), True)
    # It ends with those who read from it, without a signal.
    short = output(f"yes | {{ {PEER}; echo status $? >&2; }} | head -n 1", shell=True,
                   stderr=subprocess.STDOUT)
    equal(sorted(short.splitlines()), [b"1\ty", b"status 1"])
    file = made.folder / "file"
    file.write_bytes(text)
    equal(output(f"{PEER} < {file} | cat; exit ${{PIPESTATUS[0]}}", shell=True,
                 executable="/bin/bash", status=2, stderr=subprocess.DEVNULL), b"")


@scenario
def file_server(made):
    root = made.folder / "root"
    (root / "sub").mkdir(parents=True)
    (made.folder / "secret").write_text("secret")
    contents = {"small": b"hello\n", "empty": b"", "sub/large": os.urandom(5_000_000)}
    for name, data in contents.items():
        (root / name).write_bytes(data)
    with running(PEER, root) as server:
        base = f"http://127.0.0.1:{next_line(server)}/"
        curl = ("curl", "--silent", "--fail", "--noproxy", "*", "--path-as-is")
        for name, data in contents.items():
            equal(output(*curl, base + name) == data, True)
        # Over one connection
        equal(output(*curl, base + "small", base + "empty", base + "small"), b"hello\nhello\n")
        for name in ("nothing", "sub", "../secret", "", "/etc/passwd"):
            output(*curl, base + name, status=22)
        interrupted(server)


main()
