#!/usr/bin/env python3
"""Every code block of README.md and docs/*.md is part of a file that is compiled and run.

A fenced block with a language follows `<!-- FILE REGION -->`, and equals the lines between `[REGION]`
and `[/REGION]` of that file; or it follows `<!-- FILE -->`, and each of its lines occurs in that file.
"""
import pathlib
import re
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"(?:<!-- (\S+)(?: (\S+))? -->\n)?```(\w+)\n(.*?)```", re.S)


def region(path, name):
    text = path.read_text()
    found = re.search(rf"^[ \t]*(?://|#) \[{name}\]\n(.*?)^[ \t]*(?://|#) \[/{name}\]", text, re.S | re.M)
    return textwrap.dedent(found.group(1)) if found else None


def wrong(file, name, code):
    """Why a block is not what it claims to be; nothing when it is."""
    if not file:
        return "names no file"
    path = ROOT / file
    if not path.exists():
        return f"names {file}, which does not exist"
    if name:
        return None if region(path, name) == code else f"differs from region [{name}] of {file}"
    lines = {line.strip() for line in path.read_text().splitlines()}
    lost = [line for line in code.splitlines() if line.strip() not in lines]
    return f"{file} has no line {lost[0]!r}" if lost else None


def main():
    failed = 0
    count = 0
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = page.read_text()
        for block in BLOCK.finditer(text):
            count += 1
            reason = wrong(block[1], block[2], block[4])
            if reason:
                failed += 1
                line = text.count("\n", 0, block.start()) + 1
                print(f"{page.relative_to(ROOT)}:{line}: the code {reason}")
    print(f"{count} snippets, {failed} wrong")
    return 1 if failed or not count else 0


sys.exit(main())
