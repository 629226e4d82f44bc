// Layer 0. Memory of coroutine frames, tasks, futures, handles and received bytes: recycled per
// thread.
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

/// The same for bytes, in blocks of a power of two. Freed to the system, they would come again as
/// pages to be zeroed, which costs more than a message (measured: 16 faults for 100 KiB).
/// block_size() says how large the block for `size` bytes is; the others take such a size.
ASYNCIO_EXPORT std::size_t block_size(std::size_t size) noexcept;
ASYNCIO_EXPORT char* allocate_bytes(std::size_t size);
ASYNCIO_EXPORT void deallocate_bytes(char* block, std::size_t size) noexcept;

/// Base of classes whose objects come from the free lists.
struct Pooled {
    static void* operator new(std::size_t size) { return allocate(size); }
    static void operator delete(void* block, std::size_t size) noexcept { deallocate(block, size); }
};

} // namespace asyncio::detail
