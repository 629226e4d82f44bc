#!/usr/bin/env python3
"""Run both halves of the conformance pairs and compare what they print.

NAME.py runs under Python, which is the oracle; NAME.cpp is part of the program PAIRS.
When NAME.py opens with `# python >= 3.12` and the interpreter is older, NAME.expected holds the trace
that such a Python prints; a newer interpreter checks that file as well.
"""
import argparse
import concurrent.futures
import itertools
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SECONDS = 20


class Trouble(Exception):
    """Why a pair is not equal."""


def run(command):
    """The standard output of a command, and whether it succeeded."""
    try:
        done = subprocess.run(command, cwd=HERE, stdin=subprocess.DEVNULL, timeout=SECONDS,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              errors="backslashreplace")
    except subprocess.TimeoutExpired as late:
        printed = (late.stdout or b"").decode(errors="backslashreplace")
        raise Trouble(f"{command[-1]}: still running after {SECONDS} s, printed so far:\n{printed}")
    return done.stdout, done.returncode, done.stderr


def first_difference(left_name, left, right_name, right):
    """Raise Trouble with the first line that differs."""
    lines = itertools.zip_longest(left.splitlines(), right.splitlines(), fillvalue="<nothing more>")
    for number, (a, b) in enumerate(lines, 1):
        if a != b:
            raise Trouble(f"line {number}\n  {left_name:8}{a}\n  {right_name:8}{b}")
    if left != right:
        raise Trouble("the last line ends differently")


def oracle(script, python, version):
    """The trace a Python that is new enough prints, and its exit status."""
    expected = script.with_suffix(".expected")
    needed = re.match(r"# python >= (\d+)\.(\d+)", script.read_text())
    if needed and version < tuple(map(int, needed.groups())):
        if not expected.exists():
            raise Trouble(f"needs {expected.name}, for {needed.group(0)[2:]}")
        return expected.read_text(), 0
    output, status, errors = run([python, str(script)])
    if expected.exists():
        first_difference("python", output, "expected", expected.read_text())
    if not output:
        raise Trouble(f"python printed nothing\n{errors}")
    return output, status


def compare(name, pairs, python, version):
    """None when both halves agree, else a description."""
    try:
        for half in (HERE / f"{name}.py", HERE / f"{name}.cpp"):
            if not half.exists():
                raise Trouble(f"there is no {half.name}")
        output, status = oracle(HERE / f"{name}.py", python, version)
        ours, our_status, errors = run([str(pairs), name])
        try:
            first_difference("python", output, "c++", ours)
            if bool(status) != bool(our_status):
                raise Trouble(f"exit status {status} of python, {our_status} of c++")
        except Trouble as trouble:
            raise Trouble(f"{trouble}\n{errors}".rstrip())
    except Trouble as trouble:
        return f"{name}: {trouble}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pairs", type=pathlib.Path)
    parser.add_argument("filter", nargs="?", default="", help="regular expression on the names")
    parser.add_argument("--python", default="/usr/bin/python3")
    options = parser.parse_args()

    code = "import sys; print(*sys.version_info[:2])"
    version = tuple(map(int, run([options.python, "-c", code])[0].split()))
    halves = [*HERE.glob("*.py"), *HERE.glob("*.cpp")]
    names = sorted({half.stem for half in halves} - {"run"})
    names = [name for name in names if re.search(options.filter, name)]
    pairs = options.pairs.resolve()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda name: compare(name, pairs, options.python, version), names))
    troubles = [result for result in results if result]
    print(*troubles, sep="\n", end="\n" if troubles else "")
    print(f"{len(names) - len(troubles)} pairs equal, {len(troubles)} differ")
    return bool(troubles) or not names


if __name__ == "__main__":
    sys.exit(main())
