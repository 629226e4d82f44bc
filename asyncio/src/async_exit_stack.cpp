// Layer 2. How an AsyncExitStack unwinds: as if its exits were nested `async with` blocks.
#include <asyncio/async_exit_stack.hpp>
#include <asyncio/exceptions.hpp>

#include <vector>

namespace asyncio {

namespace detail {

class ExitStackState : public RefCounted {
public:
    ~ExitStackState() {
        while (pop()) {
        }
    }
    void destroy() noexcept { delete this; }
    void add(std::unique_ptr<ExitEntry> entry) { entries_.push_back(std::move(entry)); }
    std::unique_ptr<ExitEntry> pop() noexcept {
        if (entries_.empty()) return nullptr;
        std::unique_ptr<ExitEntry> last = std::move(entries_.back());
        entries_.pop_back();
        return last;
    }
    void move_to(ExitStackState& other) noexcept { other.entries_.swap(entries_); }

private:
    std::vector<std::unique_ptr<ExitEntry>> entries_;
};

namespace {

bool is_in_chain(const std::exception_ptr& wanted, std::exception_ptr error) {
    for (; error; error = exception_cast<BaseException>(error)->context()) {
        if (error == wanted) return true;
        if (!is_instance<BaseException>(error)) return false;
    }
    return false;
}

// Gives `raised` the context it would have in nested blocks: `before`, which it replaces. Python
// records contexts only while an exception is being handled, that of the block; and a chain that
// would come back to itself is left alone, for nothing would ever free it.
void set_context(const std::exception_ptr& raised, const std::exception_ptr& before,
                 const std::exception_ptr& handled) {
    if (!handled || raised == handled) return;
    for (std::exception_ptr last = raised;;) {
        const auto* const error = exception_cast<BaseException>(last);
        if (!error) return;
        std::exception_ptr context = error->context();
        if (context == before) return;
        if (!context || context == handled) {
            if (!is_in_chain(last, before)) const_cast<BaseException*>(error)->set_context(before);
            return;
        }
        last = std::move(context);
    }
}

Coroutine<bool> unwind(Ref<ExitStackState> stack, std::exception_ptr error) {
    const std::exception_ptr handled = error;
    bool swallowed = false;
    bool raised_anew = false;
    while (const auto exit = stack->pop()) {
        std::exception_ptr raised;
        try {
            const bool swallow = co_await exit->run(error);
            if (swallow) {
                swallowed = true;
                raised_anew = false;
                error = nullptr;
            }
        } catch (...) {
            raised = std::current_exception();
        }
        if (!raised) continue;
        set_context(raised, error, handled);
        raised_anew = true;
        error = raised;
    }
    if (raised_anew) std::rethrow_exception(error);
    co_return handled&& swallowed;
}

Coroutine<> unwind_now(Ref<ExitStackState> stack) { co_await unwind(std::move(stack), nullptr); }

} // namespace
} // namespace detail

AsyncExitStack::AsyncExitStack() : state_(detail::make_ref<detail::ExitStackState>()) {}
AsyncExitStack::AsyncExitStack(const AsyncExitStack&) noexcept = default;
AsyncExitStack& AsyncExitStack::operator=(const AsyncExitStack&) noexcept = default;
AsyncExitStack::~AsyncExitStack() = default;

void AsyncExitStack::add_entry(std::unique_ptr<detail::ExitEntry> entry) const {
    state_->add(std::move(entry));
}

AsyncExitStack AsyncExitStack::pop_all() const {
    AsyncExitStack taken;
    state_->move_to(*taken.state_);
    return taken;
}

AsyncExitStack AsyncExitStack::aenter() const { return *this; }

Coroutine<bool> AsyncExitStack::aexit(std::exception_ptr error) const {
    return detail::unwind(state_, std::move(error));
}

Coroutine<> AsyncExitStack::aclose() const { return detail::unwind_now(state_); }

} // namespace asyncio
