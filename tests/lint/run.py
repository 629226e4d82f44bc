#!/usr/bin/env python3
"""Find coroutine hazards with clang-query: run.py [FILE...], by default in everything we publish.

The rules are the .query files beside this script; samples/hazards.cpp proves that each one finds
what it should. Programs in the documentation are read from its ```cpp blocks that have a main().
"""
import concurrent.futures
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SAMPLES = HERE / "samples" / "hazards.cpp"
QUERIES = sorted(HERE.glob("*.query"))
SOURCES = ("asyncio/src/*.cpp", "tests/support/*.cpp", "tests/package/*.cpp", "examples/**/*.cpp",
           "bench/*.cpp", "docs/**/*.cpp")
BATCHED = ("tests/*_test.cpp", "tests/conformance/*.cpp")
BATCH = 40
DOCUMENTS = ("*.md", "docs/**/*.md")
COROUTINE = re.compile(r"\bco_(await|return|yield)\b")
FLAGS = ["-std=c++20", f"-I{ROOT}", "-DBOOST_ASIO_NO_DEPRECATED", "-DBOOST_TEST_DYN_LINK", "-w"]


class Unreadable(Exception):
    """A source that clang does not accept, or a query that it does not understand."""


def hazards(source):
    """Triples of file, line and rule for what a translation unit contains."""
    queries = [word for query in QUERIES for word in ("-f", str(query))]
    done = subprocess.run(["clang-query-19", *queries, str(source), "--", *FLAGS],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    errors = re.findall(r"^.*\berror:.*|^\d+:\d+: .*", done.stdout, re.MULTILINE)
    if done.returncode or errors:
        raise Unreadable("\n".join(errors[:5]) or done.stdout)
    found = re.findall(r'^(.+?):(\d+):\d+: note: "([a-z0-9]+(?:-[a-z0-9]+)+)" binds', done.stdout,
                       re.MULTILINE)
    return {(pathlib.Path(path).resolve(), int(line), rule) for path, line, rule in found}


def hazards_or_error(source):
    """The same, where being unreadable is a hazard, too."""
    try:
        return hazards(source)
    except Unreadable as error:
        return {(ROOT / pathlib.Path(source).name, 1, f"unreadable\n{error}")}


def check_samples():
    """Raise when the rules and the comments of the samples disagree."""
    lines = SAMPLES.read_text().splitlines()
    wanted = {(number, found.group(1)) for number, line in enumerate(lines, 1)
              if (found := re.search(r"// ([a-z]+(?:-[a-z]+)+)$", line))}
    found = {(line, rule) for path, line, rule in hazards(SAMPLES) if path == SAMPLES}
    if wanted != found:
        raise Unreadable(f"{SAMPLES}: missed {sorted(wanted - found)}, "
                         f"found in vain {sorted(found - wanted)}")


def programs(document, folder):
    """Files with the programs of a document, each at the line where the document has it."""
    text = document.read_text()
    for block in re.finditer(r"^```cpp\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        if "main(" in block.group(1) and COROUTINE.search(block.group(1)):
            line = text.count("\n", 0, block.start(1)) + 1
            file = folder / f"{document.stem}_{line}.cpp"
            includes = "#include <asyncio/asyncio.hpp>\n#include <iostream>\n"
            file.write_text(f'{includes}#line {line} "{document}"\n{block.group(1)}')
            yield file


def matching(*patterns):
    return [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]


def with_coroutines(files):
    """Those that have any: only coroutines are hazardous."""
    return [file for file in files if COROUTINE.search(file.read_text())]


def hazards_together(files):
    """The hazards of many small files, read in one go because most of each is the same headers.

    What they include comes first; then each file has a namespace of its own. Files that do not bear
    that are read one by one.
    """
    includes = set()
    for file in files:
        for name in re.findall(r'^#include ([<"].+[>"])', file.read_text(), re.MULTILINE):
            beside = file.parent / name.strip('"')
            includes.add(f'"{beside}"' if name.startswith('"') and beside.exists() else name)
    lines = [f"#include {name}" for name in sorted(includes, reverse=True)]
    lines += [f'namespace file_{n} {{\n#include "{file}"\n}}' for n, file in enumerate(files)]
    with tempfile.NamedTemporaryFile("w", suffix=".cpp") as together:
        together.write("\n".join(lines) + "\n")
        together.flush()
        try:
            return hazards(together.name)
        except Unreadable:
            return set().union(*map(hazards_or_error, files))


def published(folder, pool):
    """The hazards in everything we publish, one set after the other."""
    small = with_coroutines(matching(*BATCHED))
    batches = [small[start:start + BATCH] for start in range(0, len(small), BATCH)]
    together = pool.map(hazards_together, batches)
    documented = [file for document in matching(*DOCUMENTS) for file in programs(document, folder)]
    alone = pool.map(hazards_or_error, with_coroutines(matching(*SOURCES)) + documented)
    yield from together
    yield from alone


def main():
    files = [pathlib.Path(name).resolve() for name in sys.argv[1:]]
    try:
        check_samples()
        with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
            found = set().union(*(pool.map(hazards_or_error, files) if files
                                  else published(pathlib.Path(folder), pool)))
    except Unreadable as error:
        print(error)
        return 1
    ours = sorted(hazard for hazard in found if hazard[0] in files or hazard[0].is_relative_to(ROOT))
    for path, line, rule in ours:
        print(f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}:{line}: {rule}")
    print(f"{len(ours)} hazards")
    return bool(ours)


if __name__ == "__main__":
    sys.exit(main())
