#!/usr/bin/env python3
"""Compile and run pins of compiler behaviour: run.py BUILD_DIR [NAME.cpp | reject/NAME.cpp]...

A pin has to compile and succeed with each compiler at hand, plain and under sanitizers, on a small
stack. The first line of reject/NAME.cpp is `// expect: REGEX` or `// expect everywhere: REGEX`: the
file must not compile, for that reason, with GCC before 13 or with every compiler; the others accept
it. With -DSAFE, if the file mentions SAFE, every compiler accepts it.
"""
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FLAGS = ["-std=c++20", "-Wall", "-Wextra", "-Werror", "-pthread", f"-I{ROOT}"]
VARIANTS = {"O0": ["-O0", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
            "O2": ["-O2"]}
STACK = 1 << 20


def compilers():
    """The names of the compilers that are installed, the project's own first."""
    return [name for name in ("g++", "clang++-19") if shutil.which(name)]


def is_old_gcc(compiler):
    version = subprocess.run([compiler, "-dumpversion"], capture_output=True, text=True).stdout
    return "clang" not in compiler and int(version.split(".")[0]) < 13


def compile_file(compiler, source, *flags):
    """The messages of the compiler, or None when it accepts the file."""
    launcher = ["ccache"] if shutil.which("ccache") else []
    done = subprocess.run([*launcher, compiler, *FLAGS, *flags, "-c", str(source)],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout or "it printed nothing" if done.returncode else None


def small_stack():
    resource.setrlimit(resource.RLIMIT_STACK, (STACK, STACK))


def pin(source, build):
    """Descriptions of the builds of a pin that do not compile or do not run."""
    environment = {**os.environ, "ASAN_OPTIONS": "detect_stack_use_after_return=1"}
    for compiler in compilers():
        for variant, flags in VARIANTS.items():
            title = f"{source.stem}: {compiler} {' '.join(flags)}"
            program = build / f"{source.stem}.{compiler}.{variant}"
            errors = compile_file(compiler, source, *flags, "-o", f"{program}.o")
            if errors:
                yield f"{title}: does not compile\n{errors}"
                continue
            subprocess.run([compiler, *flags, "-pthread", f"{program}.o", "-o", program], check=True)
            done = subprocess.run([program], env=environment, preexec_fn=small_stack, timeout=120,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if done.returncode:
                yield f"{title}: exit status {done.returncode}\n{done.stdout}"


def reject(source):
    """Descriptions of the compilers that accept or refuse a file although they should not."""
    text = source.read_text()
    first = text.splitlines()[0]
    expected = re.fullmatch(r"// expect( everywhere)?: (.+)", first)
    if not expected:
        yield f"{source.name}: the first line is no `// expect: REGEX`"
        return
    everywhere, reason = expected.groups()
    for compiler in compilers():
        errors = compile_file(compiler, source, "-o", os.devnull)
        refuses = everywhere or is_old_gcc(compiler)
        if refuses and not errors:
            yield f"{source.name}: {compiler} accepts it"
        elif refuses and not re.search(reason, errors):
            yield f"{source.name}: {compiler} refuses it for another reason\n{errors}"
        elif errors and not refuses:
            yield f"{source.name}: {compiler} refuses it\n{errors}"
        if "SAFE" in text:
            errors = compile_file(compiler, source, "-DSAFE", "-o", os.devnull)
            if errors:
                yield f"{source.name}: {compiler} refuses the safe form\n{errors}"


def main():
    build = pathlib.Path(sys.argv[1]).resolve() / "compiler_bugs"
    build.mkdir(parents=True, exist_ok=True)
    chosen = [HERE / name for name in sys.argv[2:]]
    troubles = []
    for source in chosen or sorted(HERE.rglob("*.cpp")):
        found = reject(source) if source.parent.name == "reject" else pin(source, build)
        troubles += found
    print(*troubles, sep="\n\n", end="\n" if troubles else "")
    return bool(troubles)


if __name__ == "__main__":
    sys.exit(main())
