// Layer 0. The per-thread free lists behind detail::allocate.
#include <asyncio/detail/memory.hpp>

#include <cstdint>
#include <new>
#include <utility>

namespace asyncio::detail {
namespace {

constexpr std::size_t granule = 64;
constexpr std::size_t classes = 32;          // up to 2 KiB
constexpr std::uint32_t kept_bytes = 1 << 20; // of each class, for each thread

struct Block {
    Block* next;
};
struct FreeList {
    Block* first;
    std::uint32_t count;
};

// Trivially destructible, so it may be used by destructors that run after the thread's own.
struct Pool {
    FreeList lists[classes];
    bool watched;
    bool dead;
};
constinit thread_local Pool pool{};

// Its destructor empties the pool at thread exit.
struct Drain {
    Drain() { pool.watched = true; }
    ~Drain() {
        pool.dead = true;
        for (FreeList& list : pool.lists)
            while (Block* block = list.first) {
                list.first = block->next;
                ::operator delete(block);
            }
    }
    void touch() const noexcept {}
};

[[gnu::noinline]] void watch() {
    static thread_local Drain drain;
    drain.touch();
}

} // namespace

void* allocate(std::size_t size) {
    const std::size_t index = (size - 1) / granule;
    if (ASYNCIO_ADDRESS_SANITIZER || index >= classes) return ::operator new(size);
    FreeList& list = pool.lists[index];
    if (Block* block = list.first) {
        list.first = block->next;
        --list.count;
        return block;
    }
    return ::operator new((index + 1) * granule);
}

void deallocate(void* block, std::size_t size) noexcept {
    const std::size_t index = (size - 1) / granule;
    if (ASYNCIO_ADDRESS_SANITIZER || index >= classes) return ::operator delete(block);
    Pool& mine = pool;
    FreeList& list = mine.lists[index];
    if (mine.dead || list.count * (index + 1) * granule >= kept_bytes)
        return ::operator delete(block);
    if (!mine.watched) watch();
    list.first = ::new (block) Block{list.first};
    ++list.count;
}

} // namespace asyncio::detail
