// threading.Event, and a list that threads append to, for the conformance pairs with threads.
#pragma once
#include "py.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <numeric>
#include <thread>

namespace thread {

class Event {
public:
    void set() {
        std::lock_guard lock(mutex_);
        set_ = true;
        changed_.notify_all();
    }
    void clear() {
        std::lock_guard lock(mutex_);
        set_ = false;
    }
    void wait() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return set_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool set_ = false;
};

class Log {
public:
    void append(std::string line) {
        std::lock_guard lock(mutex_);
        lines_.push_back(std::move(line));
    }
    std::size_t size() const { return list().size(); }
    std::string last() const { return list().back(); }
    std::vector<std::string> list() const {
        std::lock_guard lock(mutex_);
        return lines_;
    }
    std::vector<std::string> sorted() const {
        auto lines = list();
        std::sort(lines.begin(), lines.end());
        return lines;
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
};

} // namespace thread
