#!/usr/bin/env python3
"""run.py PROGRAM MODE: idle.cpp makes no system call while its only task waits for a socket.

Its calls are recorded by strace, of all threads. Where tracing is not allowed, as in many
containers, the threads' context switches and processor time must stand still instead; the output
says which of the two it was. Without strace itself the test fails.
"""
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

SECONDS = 1.0   # how long nothing may happen
SETTLING = 0.5  # from the line "idle" to the wait


def tracing_works():
    """Whether strace may trace; it has to be installed."""
    if not shutil.which("strace"):
        sys.exit("strace is not installed (Debian package strace)")
    with tempfile.NamedTemporaryFile() as log:
        done = subprocess.run(["strace", "-f", "-o", log.name, "true"], stderr=subprocess.PIPE,
                              text=True)
        if done.returncode == 0 and "exited with 0" in pathlib.Path(log.name).read_text():
            return True
    print("strace cannot trace here:", done.stderr.strip() or "it recorded nothing")
    return False


def activity(pid):
    """Context switches and clock ticks of each thread."""
    found = {}
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        switches = re.findall(r"voluntary_ctxt_switches:\s*(\d+)", (task / "status").read_text())
        fields = (task / "stat").read_text().rpartition(")")[2].split()
        found[task.name] = (*map(int, switches), int(fields[11]), int(fields[12]))
    return found


def calls_between(log, start, end):
    """The calls recorded in a span of time. The one that waits must enclose it."""
    lines = [line.split(None, 2) for line in pathlib.Path(log).read_text().splitlines()]
    before = [text for _, when, text in lines if float(when) <= start]
    after = [text for _, when, text in lines if float(when) >= end]
    if not before or not after or not re.match(r"(epoll_p?wait2?|io_uring_enter)\(", before[-1]):
        sys.exit(f"the record has no wait around the measured time:\n{before[-3:]}\n{after[:3]}")
    return [" ".join(line) for line in lines if start < float(line[1]) < end]


def watch(command, server):
    """Runs the program; returns it, the measured span and its activity at both ends."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        connection, _ = server.accept()
        with connection:
            said = process.stdout.readline()
            if said != "idle\n":
                sys.exit(f"the program said {said!r}")
            time.sleep(SETTLING)
            start, active = time.time(), activity(process.pid)
            time.sleep(SECONDS)
            end, still = time.time(), activity(process.pid)
            connection.sendall(b"x")
            output, _ = process.communicate(timeout=20)
    finally:
        process.kill()
    if output != "read x\n" or process.returncode:
        sys.exit(f"the program ended with status {process.returncode} and said {output!r}")
    return start, end, active, still


def main():
    program, mode = sys.argv[1:]
    with socket.create_server(("127.0.0.1", 0)) as server, tempfile.TemporaryDirectory() as folder:
        server.settimeout(20)
        command = [program, mode, str(server.getsockname()[1])]
        if tracing_works():
            log = pathlib.Path(folder, "calls")
            start, end, _, _ = watch(["strace", "-f", "-ttt", "-o", str(log), *command], server)
            calls = calls_between(log, start, end)
            print(f"method: strace; {len(calls)} system calls in {end - start:.2f} s")
            print(*calls[:20], sep="\n", end="\n" if calls else "")
            return bool(calls)
        _, _, active, still = watch(command, server)
        print("method: /proc/PID/task; (context switches..., user ticks, system ticks) of each "
              f"thread\nbefore {active}\nafter  {still}")
        return active != still


if __name__ == "__main__":
    sys.exit(main())
