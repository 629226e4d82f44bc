// Layer 0. The version of the library; the build and the packages read it from here.
//
// Python counterpart: none, asyncio has the version of the interpreter.
#pragma once

#define ASYNCIO_VERSION_MAJOR 0
#define ASYNCIO_VERSION_MINOR 1
#define ASYNCIO_VERSION_PATCH 0

#define ASYNCIO_VERSION_QUOTE_(major, minor, patch) #major "." #minor "." #patch
#define ASYNCIO_VERSION_JOIN_(major, minor, patch) ASYNCIO_VERSION_QUOTE_(major, minor, patch)
/// The version as text: "MAJOR.MINOR.PATCH".
#define ASYNCIO_VERSION                                                                            \
    ASYNCIO_VERSION_JOIN_(ASYNCIO_VERSION_MAJOR, ASYNCIO_VERSION_MINOR, ASYNCIO_VERSION_PATCH)
