// Layer 3. How the three kinds of queues keep their items: a ring, a heap, a stack.
//
// A store whose push() or pop() throws keeps what it had, if moving items never throws.
// Python counterpart: collections.deque, heapq and list inside asyncio.queues.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

namespace asyncio::detail {

/// First in, first out. Allocates only to grow; gives large memory back when it runs empty.
template <class T>
class RingStore {
public:
    RingStore() = default;
    RingStore(RingStore&& other) noexcept { swap(other); }
    RingStore& operator=(RingStore&& other) noexcept {
        RingStore(std::move(other)).swap(*this);
        return *this;
    }
    ~RingStore() {
        for (; size_ > 0; --size_) std::destroy_at(at(size_ - 1));
        if (items_) std::allocator<T>().deallocate(items_, capacity_);
    }
    void push(T&& item) {
        if (size_ == capacity_) grow();
        append(std::move(item));
    }
    T pop() {
        T* const front = at(0);
        T item = std::move(*front);
        std::destroy_at(front);
        ++first_;
        if (--size_ == 0 && capacity_ > kept) RingStore().swap(*this);
        return item;
    }
    void swap(RingStore& other) noexcept {
        std::swap(items_, other.items_);
        std::swap(capacity_, other.capacity_);
        std::swap(first_, other.first_);
        std::swap(size_, other.size_);
    }

private:
    static constexpr std::size_t kept = std::max<std::size_t>(8, 4096 / sizeof(T));

    explicit RingStore(std::size_t capacity)
        : items_(std::allocator<T>().allocate(capacity)), capacity_(capacity) {}
    // The capacity is a power of two.
    T* at(std::size_t index) const noexcept {
        return items_ + ((first_ + index) & (capacity_ - 1));
    }
    template <class U>
    void append(U&& item) {
        std::construct_at(at(size_), std::forward<U>(item));
        ++size_;
    }
    void grow() {
        RingStore larger(capacity_ ? 2 * capacity_ : 8);
        for (std::size_t i = 0; i < size_; ++i) larger.append(std::move_if_noexcept(*at(i)));
        swap(larger);
    }

    T* items_ = nullptr;
    std::size_t capacity_ = 0;
    std::size_t first_ = 0;
    std::size_t size_ = 0;
};

/// Last in, first out.
template <class T>
class StackStore {
public:
    void push(T&& item) { items_.push_back(std::move(item)); }
    T pop() {
        T item = std::move(items_.back());
        items_.pop_back();
        return item;
    }

private:
    std::vector<T> items_;
};

/// Smallest first. All comparisons come before the first move, so one that throws changes nothing.
/// Equal items leave in the same order as with Python's heapq.
template <class T, class Compare>
class HeapStore {
public:
    explicit HeapStore(Compare less) : less_(std::move(less)) {}

    void push(T&& item) {
        std::size_t place = items_.size();
        while (place > 0 && less_(std::as_const(item), std::as_const(items_[parent(place)])))
            place = parent(place);
        items_.push_back(std::move(item));
        const std::size_t last = items_.size() - 1;
        if (place == last) return;
        T moving = std::move(items_[last]);
        for (std::size_t hole = last; hole != place; hole = parent(hole))
            items_[hole] = std::move(items_[parent(hole)]);
        items_[place] = std::move(moving);
    }
    T pop() {
        const std::size_t last = items_.size() - 1;
        std::array<std::size_t, std::numeric_limits<std::size_t>::digits> path;
        const std::size_t depth = find_path(path, last);
        T item = std::move(items_[0]);
        for (std::size_t i = 0; i < depth; ++i) items_[path[i]] = std::move(items_[path[i + 1]]);
        if (last > 0) items_[path[depth]] = std::move(items_[last]);
        items_.pop_back();
        return item;
    }

private:
    static std::size_t parent(std::size_t index) noexcept { return (index - 1) / 2; }
    bool before(std::size_t a, std::size_t b) {
        return less_(std::as_const(items_[a]), std::as_const(items_[b]));
    }
    // The places from the root to where the last item goes when the root is taken out: along the
    // smaller children to a leaf, then up again as far as the last item is smaller.
    template <class Path>
    std::size_t find_path(Path& path, std::size_t last) {
        std::size_t depth = 0;
        path[0] = 0;
        for (std::size_t child = 1; child < last; child = 2 * child + 1) {
            if (child + 1 < last && !before(child, child + 1)) ++child;
            path[++depth] = child;
        }
        while (depth > 0 && before(last, path[depth])) --depth;
        return depth;
    }

    std::vector<T> items_;
    Compare less_;
};

} // namespace asyncio::detail
