"""The library's files and their #include lines, for the checks in this folder."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]


def library(*patterns):
    """The files below asyncio/ that match, in order."""
    return sorted(path for pattern in patterns for path in (ROOT / "asyncio").glob(pattern))


def public_headers():
    return library("*.hpp", "detail/*.hpp")


def private_files():
    return library("src/*.hpp", "src/*.cpp")


def name(path):
    """The path as an #include spells it."""
    return path.relative_to(ROOT).as_posix()


def includes(path):
    """Pairs of a line number and what is included there, with its brackets or quotes."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*([<"][^>"]+[>"])', line)
        if found:
            yield number, found.group(1)


def finish(troubles):
    """Print what was found and return the exit status."""
    troubles = list(troubles)
    print(*troubles, sep="\n", end="\n" if troubles else "")
    return bool(troubles)
