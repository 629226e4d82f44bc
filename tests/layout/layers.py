#!/usr/bin/env python3
"""A file of the library includes only its own layer and lower ones, and public headers only C++.

Every file opens with `// Layer N.`; the modules of asyncio's own names have the layer given here.
asyncio/asyncio.hpp includes everything, so it has no layer and nothing of the library includes it.
"""
import re
import sys

from sources import finish, includes, library, name, private_files, public_headers

LAYERS = {
    0: "config exceptions constants log",
    1: "events context",
    2: "asio coroutines futures tasks runners gather timeouts taskgroups generators threads graph",
    3: "locks queues",
    4: "protocols transports server endpoints ssl signals",
    5: "streams subprocess",
    6: "http websocket",
}
MODULES = {module: layer for layer, modules in LAYERS.items() for module in modules.split()}
UMBRELLA = "asyncio/asyncio.hpp"
INTEROP = "asyncio/asio.hpp"  # the one public header that shows Asio, with detail/asio_*.hpp


def layer(path):
    """The layer a file declares in its first line, or None."""
    declared = re.match(r"// Layer (\d)\.", path.read_text())
    return int(declared.group(1)) if declared else None


def is_standard(header):
    """Whether <header> is C++'s own: `vector`, but not `unistd.h` or `boost/asio.hpp`."""
    return re.fullmatch(r"<([a-z_0-9]+|ext/[a-z_]+\.h)>", header) is not None


def is_interop(header):
    return header == f"<{INTEROP}>" or header.startswith("<asyncio/detail/asio_")


def own_layer(files):
    for path in files:
        wanted = MODULES.get(path.stem) if path.parent.name == "asyncio" else None
        if layer(path) is None:
            yield f"{name(path)}:1: does not open with `// Layer N.`"
        elif wanted not in (None, layer(path)):
            yield f"{name(path)}:1: the module belongs to layer {wanted}"


def upward(files):
    layers = {f"<{name(path)}>": layer(path) for path in files}
    for path in files:
        for line, header in includes(path):
            above = layers.get(header)
            if header == f"<{UMBRELLA}>":
                yield f"{name(path)}:{line}: includes the umbrella header"
            elif None not in (above, layer(path)) and above > layer(path):
                yield f"{name(path)}:{line}: layer {layer(path)} includes {header} of layer {above}"


def outside(headers):
    for path in headers:
        for line, header in includes(path):
            own = header.startswith("<asyncio/") and not header.startswith("<asyncio/src/")
            if is_interop(header) or not (own or is_standard(header)):
                yield f"{name(path)}:{line}: a public header includes {header}"


def main():
    umbrella = library("asyncio.hpp")
    headers = [path for path in public_headers() if path not in umbrella]
    files = headers + private_files()
    closed = [path for path in public_headers() if not is_interop(f"<{name(path)}>")]
    return finish([*own_layer(files), *upward(files), *outside(closed)])


if __name__ == "__main__":
    sys.exit(main())
