// Layer 0. The per-thread free lists behind detail::allocate.
#include <asyncio/detail/memory.hpp>

#include <new>
#include <utility>

namespace asyncio::detail {
namespace {

constexpr std::size_t granule = 64;
constexpr std::size_t classes = 32; // up to 2 KiB
// For each thread. A gather of 10 000 or 100 000 timers go through the lists (measured: 20 % less).
constexpr std::size_t kept_bytes = 32 << 20;

struct Block {
    Block* next;
};
// Trivially destructible, so it may be used by destructors that run after the thread's own.
struct Pool {
    Block* lists[classes];
    std::size_t kept;
    bool watched;
    bool dead;
};
constinit thread_local Pool pool{};

// Its destructor empties the pool at thread exit.
struct Drain {
    Drain() { pool.watched = true; }
    ~Drain() {
        pool.dead = true;
        for (Block*& list : pool.lists)
            while (Block* block = list) {
                list = block->next;
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
    Pool& mine = pool;
    if (Block* block = mine.lists[index]) {
        mine.lists[index] = block->next;
        mine.kept -= (index + 1) * granule;
        return block;
    }
    return ::operator new((index + 1) * granule);
}

void deallocate(void* block, std::size_t size) noexcept {
    const std::size_t index = (size - 1) / granule;
    if (ASYNCIO_ADDRESS_SANITIZER || index >= classes) return ::operator delete(block);
    Pool& mine = pool;
    if (mine.dead || mine.kept >= kept_bytes) [[unlikely]]
        return ::operator delete(block);
    if (!mine.watched) [[unlikely]]
        watch();
    mine.lists[index] = ::new (block) Block{mine.lists[index]};
    mine.kept += (index + 1) * granule;
}

} // namespace asyncio::detail
