// Layer 1. The loop's timers: a binary heap ordered by deadline, then by age.
//
// Cancelled timers stay until they reach the top, or until they are more than half of a heap of
// over 100 (then all go at once). Python counterpart: BaseEventLoop._scheduled.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/constants.hpp>
#include <asyncio/detail/handle_node.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace asyncio::detail {

class TimerHeap {
public:
    bool empty() const noexcept { return heap_.empty(); }
    std::size_t size() const noexcept { return heap_.size(); }
    double earliest() const noexcept { return heap_.front().when; }

    // Takes a reference of the caller's.
    void push(TimerNode& node) {
        heap_.push_back({node.when_, age_++, &node});
        std::push_heap(heap_.begin(), heap_.end(), later);
        node.scheduled_ = true;
    }
    void note_cancelled() noexcept { ++cancelled_; }

    void purge() noexcept {
        if (cancelled_ == 0) return;
        if (heap_.size() > constants::MIN_SCHEDULED_TIMER_HANDLES &&
            static_cast<double>(cancelled_) / static_cast<double>(heap_.size()) >
                constants::MIN_CANCELLED_TIMER_HANDLES_FRACTION) {
            std::erase_if(heap_, [](const Entry& e) { return dropped(*e.node); });
            std::make_heap(heap_.begin(), heap_.end(), later);
            cancelled_ = 0;
            return;
        }
        while (!heap_.empty() && heap_.front().node->cancelled()) {
            --cancelled_;
            dropped(*pop());
        }
    }
    // Hands the timers that are due before `end` to the queue, with their references.
    void move_due(double end, ReadyQueue& ready) noexcept {
        while (!heap_.empty() && heap_.front().when < end) {
            TimerNode* node = pop();
            if (node->cancelled()) {
                --cancelled_;
                dropped(*node);
            } else {
                ready.push(*node);
            }
        }
    }
    void clear() noexcept {
        while (!heap_.empty()) {
            TimerNode* node = heap_.back().node;
            heap_.pop_back();
            node->scheduled_ = false;
            node->discard();
        }
        cancelled_ = 0;
    }

private:
    struct Entry {
        double when;
        std::uint64_t age;
        TimerNode* node;
    };
    static bool later(const Entry& a, const Entry& b) noexcept {
        return a.when != b.when ? a.when > b.when : a.age > b.age;
    }
    TimerNode* pop() noexcept {
        std::pop_heap(heap_.begin(), heap_.end(), later);
        TimerNode* node = heap_.back().node;
        heap_.pop_back();
        node->scheduled_ = false;
        return node;
    }
    // Drops the heap's reference when the timer is cancelled.
    static bool dropped(TimerNode& node) noexcept {
        if (!node.cancelled()) return false;
        node.scheduled_ = false;
        Ref<TimerNode>::adopt(&node);
        return true;
    }

    std::vector<Entry> heap_;
    std::uint64_t age_ = 0;
    std::size_t cancelled_ = 0;
};

} // namespace asyncio::detail
