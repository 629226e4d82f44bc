// Layer 3. What locks, events, barriers and queues have in common: a counted state that belongs to
// one loop, behind a handle that compares by identity.
//
// Python counterpart: asyncio.mixins.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/loop_core.hpp>
#include <asyncio/detail/memory.hpp>
#include <asyncio/detail/ref.hpp>
#include <asyncio/detail/task_core.hpp>

#include <compare>
#include <concepts>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace asyncio::detail {

/// Belongs to no loop until a task blocks in it: it may be made before there is any loop.
class ASYNCIO_EXPORT SyncObject : public RefCounted, public Pooled {
public:
    void destroy() noexcept { delete this; }
    /// Called before `task` blocks. Throws RuntimeError "... is bound to a different event loop".
    void bind(const TaskCore& task) {
        if (task.core_ != loop_) [[unlikely]]
            bind_now(task);
    }
    /// In debug mode: throws RuntimeError when another thread runs the loop.
    void check_thread() const {
        if (loop_) loop_->check_thread();
    }
    virtual std::string repr() const = 0;

protected:
    SyncObject() = default;
    virtual ~SyncObject() = default;
    /// "<asyncio.NAME object at 0x... [STATE, waiters:N]>"
    std::string describe(std::string_view name, std::string state, std::size_t waiters) const;

private:
    void bind_now(const TaskCore& task);

    Ref<LoopCore> loop_;
};

struct SyncTag {};

/// Copying and moving a handle refer to the same object; there is no empty one (None is
/// std::optional). Handles may be copied and destroyed on any thread.
template <class Impl>
class SyncHandle : public SyncTag {
public:
    SyncHandle(const SyncHandle&) = default;
    SyncHandle& operator=(const SyncHandle&) = default;

    /// As Python's repr().
    std::string repr() const { return impl_->repr(); }
    const Ref<Impl>& ref() const noexcept { return impl_; }

    friend bool operator==(const SyncHandle& a, const SyncHandle& b) noexcept {
        return a.impl_ == b.impl_;
    }
    friend std::strong_ordering operator<=>(const SyncHandle& a, const SyncHandle& b) noexcept {
        return std::compare_three_way{}(a.impl_.get(), b.impl_.get());
    }

protected:
    explicit SyncHandle(Ref<Impl> impl) noexcept : impl_(std::move(impl)) {}
    ~SyncHandle() = default;
    Impl& impl() const noexcept { return *impl_; }

private:
    Ref<Impl> impl_;
};

} // namespace asyncio::detail

template <std::derived_from<asyncio::detail::SyncTag> H>
struct std::hash<H> {
    std::size_t operator()(const H& handle) const noexcept {
        return std::hash<const void*>{}(handle.ref().get());
    }
};
