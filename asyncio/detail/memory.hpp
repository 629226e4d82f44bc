// Layer 0. Memory of coroutine frames, tasks, futures and handles: recycled per thread.
//
// Blocks are kept in free lists by size class, with a cap on all; what is freed on another thread
// goes to that thread's lists. Off under the address sanitizer, which must see use after free.
// Python counterpart: the free lists of the interpreter.
#pragma once
#include <asyncio/config.hpp>

#include <cstddef>

namespace asyncio::detail {

/// Out of line on purpose: a coroutine must not keep a thread-local address over a suspension.
ASYNCIO_EXPORT void* allocate(std::size_t size);
ASYNCIO_EXPORT void deallocate(void* block, std::size_t size) noexcept;

/// Base of classes whose objects come from the free lists.
struct Pooled {
    static void* operator new(std::size_t size) { return allocate(size); }
    static void operator delete(void* block, std::size_t size) noexcept { deallocate(block, size); }
};

} // namespace asyncio::detail
