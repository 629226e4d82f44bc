#!/usr/bin/env python3
"""Install the library in every form and use it as its users do: run.py WORK_DIR.

Static and shared, found by CMake and by pkg-config in a prefix that was moved after installation,
and built from source inside the user's own project. The static build gets the definitions of the
Conan recipe. One line per check; the exit status is the number of checks that failed.
"""
import functools
import os
import pathlib
import shlex
import shutil
import subprocess
import sys

from recipe import ROOT

HERE = pathlib.Path(__file__).resolve().parent
GENERATOR = ["-G", "Ninja"] if shutil.which("ninja") else []
EXPECTED = b" 42 late\n"


def run(*command, **options):
    """Run a command; raise with what it printed when it fails."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **options)
    if done.returncode:
        line = shlex.join(map(str, command))
        raise RuntimeError(f"{line}: status {done.returncode}\n{done.stdout.decode()}")
    return done.stdout


def build(source, binary, *definitions):
    launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
    run("cmake", *GENERATOR, "-S", source, "-B", binary, *launcher, *definitions)
    run("cmake", "--build", binary, "-j", os.cpu_count())


def expect_answer(program, **environment):
    printed = run(program, env={**os.environ, **environment}, timeout=60)
    if not printed.startswith(b"asyncio ") or not printed.endswith(EXPECTED):
        raise RuntimeError(f"{program} printed {printed!r}")


def install_and_move(work, *definitions):
    """Install into one prefix, move it to another, and return that."""
    shutil.rmtree(work, ignore_errors=True)
    build(ROOT, work / "library", *definitions)
    run("cmake", "--install", work / "library", "--prefix", work / "first")
    return (work / "first").rename(work / "moved")


def only_public_files(prefix):
    installed = {path.relative_to(prefix / "include").as_posix()
                 for path in (prefix / "include").rglob("*") if path.is_file()}
    wanted = {path.relative_to(ROOT).as_posix()
              for pattern in ("*.hpp", "detail/*.hpp") for path in (ROOT / "asyncio").glob(pattern)}
    if installed != wanted:
        raise RuntimeError(f"installed headers differ: {sorted(installed ^ wanted)}")


def find_package(prefix, work):
    build(HERE, work / "found", f"-DCMAKE_PREFIX_PATH={prefix}")
    expect_answer(work / "found" / "consumer")


def pkg_config(prefix, work):
    environment = {**os.environ, "PKG_CONFIG_PATH": str(prefix / "lib" / "pkgconfig")}
    flags = run("pkg-config", "--cflags", "--libs", "asyncio", env=environment).decode().split()
    run("g++", "-std=c++20", HERE / "main.cpp", *flags, "-o", work / "consumer")
    expect_answer(work / "consumer", LD_LIBRARY_PATH=str(prefix / "lib"))


def from_source(work):
    """FetchContent, which is add_subdirectory: builds and installs nothing but the user's program."""
    shutil.rmtree(work, ignore_errors=True)
    build(HERE, work / "build", f"-DFROM_SOURCE={ROOT}")
    expect_answer(work / "build" / "consumer")
    run("cmake", "--install", work / "build", "--prefix", work / "prefix")
    installed = [path.name for path in (work / "prefix").rglob("*") if path.is_file()]
    if installed != ["consumer"]:
        raise RuntimeError(f"the user's project also installed {installed}")


def checks(work):
    """Pairs of a name and a function without parameters, in the order they need."""
    recipe = run(sys.executable, HERE / "recipe.py", "--cmake").decode().split()
    release = ["-DCMAKE_BUILD_TYPE=Release"]
    shared = ["-DBUILD_SHARED_LIBS=ON", "-DASYNCIO_BUILD_TESTS=OFF", "-DASYNCIO_BUILD_EXAMPLES=OFF"]
    for kind, definitions in (("static", recipe + release), ("shared", shared + release)):
        place = work / kind
        prefix = place / "moved"
        yield f"{kind}: install", functools.partial(install_and_move, place, *definitions)
        yield f"{kind}: public headers only", functools.partial(only_public_files, prefix)
        yield f"{kind}: find_package", functools.partial(find_package, prefix, place)
        yield f"{kind}: pkg-config", functools.partial(pkg_config, prefix, place)
    yield "from source", functools.partial(from_source, work / "source")


def main():
    work = pathlib.Path(sys.argv[1]).resolve()
    failed = 0
    for name, check in checks(work):
        try:
            check()
            print(f"passed: {name}", flush=True)
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
            failed += 1
            print(f"failed: {name}\n{error}", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
