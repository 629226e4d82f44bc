#!/usr/bin/env python3
"""Every header of the library compiles when it is included alone, without a warning."""
import concurrent.futures
import subprocess
import sys

from sources import ROOT, finish, library, name

COMMAND = ["g++", "-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Werror",
           "-DBOOST_ASIO_NO_DEPRECATED", f"-I{ROOT}", "-fsyntax-only", "-x", "c++", "-"]


def trouble(path):
    """What the compiler says, or None."""
    done = subprocess.run(COMMAND, input=f"#include <{name(path)}>\n", text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return f"{name(path)} does not compile alone:\n{done.stdout}" if done.returncode else None


def main():
    headers = library("*.hpp", "detail/*.hpp", "src/*.hpp")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return finish(filter(None, pool.map(trouble, headers)))


if __name__ == "__main__":
    sys.exit(main())
