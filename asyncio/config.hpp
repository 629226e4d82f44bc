// Layer 0. Compiler and linkage switches, in one place, each with its reason.
//
// Everything above includes this file first. It has no Python counterpart.
#pragma once

// Symbols of the shared library. Static users define ASYNCIO_STATIC_DEFINE (the CMake target does).
#if defined(ASYNCIO_STATIC_DEFINE) || !defined(__GNUC__)
#define ASYNCIO_EXPORT
#else
#define ASYNCIO_EXPORT __attribute__((visibility("default")))
#endif

// GCC before 13 destroys some temporaries of a co_await expression twice (GCC PR 99576, 100611,
// 107288): closures with non-trivial captures and aggregates with non-trivial destructors.
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
#define ASYNCIO_GCC_AWAIT_TEMPORARIES 1
#else
#define ASYNCIO_GCC_AWAIT_TEMPORARIES 0
#endif

// Address sanitizer sees use after free only when memory is not recycled by our own free lists.
#if defined(__SANITIZE_ADDRESS__)
#define ASYNCIO_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ASYNCIO_ADDRESS_SANITIZER 1
#endif
#endif
#ifndef ASYNCIO_ADDRESS_SANITIZER
#define ASYNCIO_ADDRESS_SANITIZER 0
#endif
