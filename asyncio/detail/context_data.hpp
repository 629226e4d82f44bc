// Layer 1. The storage behind Context and ContextVar.
//
// A context is a counted cell that points to an immutable, shared list of bindings: copying a
// context copies one pointer. A slot may be null, which stands for an empty context that nobody has
// looked at; callbacks and tasks of a program without context variables thus allocate none.
// Python counterpart: Python/context.c.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/memory.hpp>
#include <asyncio/detail/ref.hpp>

#include <memory>

namespace asyncio::detail {

struct Bindings; // immutable once shared

class ContextData : public RefCounted, public Pooled {
public:
    explicit ContextData(std::shared_ptr<const Bindings> bindings) noexcept
        : bindings_(std::move(bindings)) {}
    void destroy() noexcept { delete this; }

    std::shared_ptr<const Bindings> bindings_;
    bool entered_ = false;
};

using ContextSlot = Ref<ContextData>;

/// The slot that is entered on this thread.
ASYNCIO_EXPORT ContextSlot& current_context_slot() noexcept;
/// What copy_context() would hold; null when there are no bindings.
ASYNCIO_EXPORT ContextSlot copy_current_context();
/// Gives a null slot its (empty) context object, so that it can be shared.
ASYNCIO_EXPORT ContextData& materialise(ContextSlot& slot);
[[noreturn]] ASYNCIO_EXPORT void throw_context_entered();

struct ThreadState;

/// Runs a scope in a context. Throws RuntimeError when the context is entered already.
class ContextScope {
public:
    ContextScope(ContextSlot*& current, ContextSlot& slot) : current_(current), before_(current) {
        if (slot) {
            if (slot->entered_) throw_context_entered();
            slot->entered_ = true;
        }
        current = &slot;
    }
    ContextScope(const ContextScope&) = delete;
    ContextScope& operator=(const ContextScope&) = delete;
    ~ContextScope() {
        if (ContextData* data = current_->get()) data->entered_ = false;
        current_ = before_;
    }

private:
    ContextSlot*& current_;
    ContextSlot* before_;
};

} // namespace asyncio::detail
