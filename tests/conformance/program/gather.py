#!/usr/bin/env python3
"""gather.py OUTPUT.cpp PAIR.cpp...: one source of several pairs, each in a namespace of its own.

A pair is a program, but hundreds of programs take minutes to compile and link. What follows
`int main() {` becomes a function that the program `pairs` calls by the pair's name.
"""
import pathlib
import re
import sys


def body(path):
    """The text of a pair without its includes, and these."""
    text = path.read_text()
    include = re.compile(r"^#include .*$", re.M)
    found = include.findall(text)
    text, mains = re.subn(r"^int main\(\) \{", "void pair() {", include.sub("", text), flags=re.M)
    if mains != 1:
        sys.exit(f"{path}: needs one `int main() {{`")
    return text, found


def main():
    output, *paths = map(pathlib.Path, sys.argv[1:])
    includes = {'#include "pairs.hpp"': None}
    parts = []
    for path in paths:
        text, found = body(path)
        includes |= dict.fromkeys(found)
        name = path.stem
        parts.append(f'namespace pair_{name} {{\n#line 1 "{path}"\n{text}\n'
                     f'static const Registered registered("{name}", pair);\n}}\n')
    output.write_text("\n".join([*includes, *parts]))


main()
