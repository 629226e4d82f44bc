// Layer 1. Lookup and update of context variables; the per-thread state.
#include <asyncio/context.hpp>

#include <algorithm>
#include <vector>

namespace asyncio::detail {

struct Binding {
    std::shared_ptr<const VariableInfo> variable; // kept alive: addresses identify variables
    std::shared_ptr<const void> value;
};
struct Bindings {
    std::vector<Binding> items; // sorted by address of the variable
};

namespace {

auto position(const std::vector<Binding>& items, const VariableInfo* variable) {
    return std::lower_bound(
        items.begin(), items.end(), variable,
        [](const Binding& b, const VariableInfo* v) { return std::less<>{}(b.variable.get(), v); });
}

// The context of code that runs outside of any loop or Context::run.
ContextSlot& thread_context() noexcept {
    static thread_local ContextSlot slot;
    return slot;
}

} // namespace

ThreadState& thread_state() noexcept {
    static constinit thread_local ThreadState state;
    return state;
}

ContextSlot& current_context_slot() noexcept {
    ContextSlot* slot = thread_state().context;
    return slot ? *slot : thread_context();
}

ContextSlot copy_current_context() {
    const ContextSlot& slot = current_context_slot();
    if (!slot || !slot->bindings_) return {};
    return make_ref<ContextData>(slot->bindings_);
}

ContextData& materialise(ContextSlot& slot) {
    if (!slot) slot = make_ref<ContextData>(nullptr);
    return *slot;
}

void throw_context_entered() {
    throw RuntimeError("cannot enter context: <Context> is already entered");
}

void throw_lookup_error(const std::string& variable) {
    throw LookupError("<ContextVar name='" + variable + "'>");
}

std::shared_ptr<const void> context_get(const VariableInfo* variable) {
    return context_get(current_context_slot(), variable);
}

std::shared_ptr<const void> context_get(const ContextSlot& slot, const VariableInfo* variable) {
    if (!slot || !slot->bindings_) return nullptr;
    const auto& items = slot->bindings_->items;
    const auto at = position(items, variable);
    return at != items.end() && at->variable.get() == variable ? at->value : nullptr;
}

std::shared_ptr<const void> context_set(std::shared_ptr<const VariableInfo> variable,
                                        std::shared_ptr<const void> value) {
    ContextSlot& slot = current_context_slot();
    const bool fresh = !slot;
    ContextData& data = materialise(slot);
    if (fresh && thread_state().context) data.entered_ = true;
    auto changed = std::make_shared<Bindings>(data.bindings_ ? *data.bindings_ : Bindings{});
    auto& items = changed->items;
    const auto at = items.begin() + (position(items, variable.get()) - items.cbegin());
    std::shared_ptr<const void> old;
    if (at != items.end() && at->variable == variable) {
        old = at->value;
        if (value)
            at->value = std::move(value);
        else
            items.erase(at);
    } else if (value) {
        items.insert(at, Binding{std::move(variable), std::move(value)});
    }
    data.bindings_ = items.empty() ? nullptr : std::move(changed);
    return old;
}

} // namespace asyncio::detail

namespace asyncio {

Context Context::copy() const {
    return Context(detail::make_ref<detail::ContextData>(data_->bindings_));
}

std::size_t Context::size() const noexcept {
    return data_->bindings_ ? data_->bindings_->items.size() : 0;
}

Context copy_context() { return Context(detail::copy_current_context()); }

} // namespace asyncio
