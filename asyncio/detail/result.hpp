// Layer 2. Where a coroutine leaves its outcome: a box that its consumer owns.
//
// The box lies in the awaiter of the parent coroutine or in the task, never in the coroutine's own
// frame, so the frame can be freed the moment the coroutine ends.
#pragma once
#include <asyncio/config.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace asyncio::detail {

class PromiseBase;

/// The part of a box that does not depend on the type.
struct Receiver {
    Receiver() = default;
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;

    PromiseBase* child = nullptr; // the coroutine that will fill the box; the box owns its frame
    std::exception_ptr error;

protected:
    ~Receiver() = default;
};

/// RuntimeError: the coroutine ran off its end. C++ does not define that; this is what is done as
/// long as the compiler lets it.
[[noreturn]] ASYNCIO_EXPORT void throw_no_result();

/// Room for one T, empty at first.
template <class T>
class Slot {
public:
    Slot() noexcept {}
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot() { reset(); }
    template <class... Args>
    void emplace(Args&&... args) {
        reset();
        ::new (static_cast<void*>(std::addressof(value_))) T(std::forward<Args>(args)...);
        full_ = true;
    }
    void reset() noexcept {
        if (std::exchange(full_, false)) std::destroy_at(std::addressof(value_));
    }
    bool has_value() const noexcept { return full_; }
    const T& get() const noexcept { return value_; }
    T take() {
        check();
        return std::move(value_);
    }
    T copy() const {
        check();
        return value_;
    }

private:
    void check() const {
        if (!full_) [[unlikely]]
            throw_no_result();
    }
    union {
        T value_;
    };
    bool full_ = false;
};

template <class T>
class Slot<T&> {
public:
    void emplace(T& value) noexcept { value_ = std::addressof(value); }
    void reset() noexcept { value_ = nullptr; }
    bool has_value() const noexcept { return value_ != nullptr; }
    T& get() const noexcept { return *value_; }
    T& take() noexcept { return *value_; }
    T& copy() const noexcept { return *value_; }

private:
    T* value_ = nullptr;
};

template <>
class Slot<void> {
public:
    void emplace() noexcept { full_ = true; }
    void reset() noexcept { full_ = false; }
    bool has_value() const noexcept { return full_; }
    void get() const noexcept {}
    void take() noexcept {}
    void copy() const noexcept {}

private:
    bool full_ = false;
};

template <class T>
struct ReceiverOf : Receiver {
    Slot<T> value;
};

} // namespace asyncio::detail
