// Layer 4. Waiting for an answer of the resolver threads.
//
//   Lookup (in the awaiting frame) ─> Question ─> resolver thread ─> Question in the ready queue ─>
//   Lookup
//
// The question is shared by both sides: whoever is cancelled goes at once, and the loop may close.
#pragma once
#include <asyncio/detail/awaiters.hpp>
#include <asyncio/detail/ready.hpp>

#include "resolver.hpp"

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace asyncio::detail {

template <class R>
class Question final : public ResolverJob,
                       public ReadyNode,
                       public std::enable_shared_from_this<Question<R>> {
public:
    explicit Question(std::function<R()> ask) : ask_(std::move(ask)) {}

    void ask(LoopCore& core, Waiter& waiter) {
        core_ = Ref<LoopCore>(&core);
        waiter_ = &waiter;
        submit_to_resolver(this->shared_from_this());
    }
    void forget_waiter() noexcept {
        if (std::exchange(waiter_, nullptr)) abandon_in_resolver(*this);
    }
    R answer() {
        if (error_) std::rethrow_exception(std::move(error_));
        return *std::move(answer_);
    }

private:
    void work() noexcept override {
        try {
            answer_ = ask_();
        } catch (...) {
            error_ = std::current_exception();
        }
        queued_ = this->shared_from_this();
        if (!core_->push_threadsafe(*this)) discard();
    }
    // On the loop.
    void run() override {
        const auto keep = std::move(queued_);
        if (waiter_) waiter_->wake();
    }
    void discard() noexcept override { const auto keep = std::move(queued_); }
    std::string describe() const override { return "<Handle lookup>"; }

    const std::function<R()> ask_;
    Ref<LoopCore> core_;
    Waiter* waiter_ = nullptr; // the loop's
    std::optional<R> answer_;
    std::exception_ptr error_;
    std::shared_ptr<Question> queued_; // while it is in the ready queue
};

template <class R>
class Lookup : public Leaf<Lookup<R>, R> {
public:
    explicit Lookup(std::function<R()> ask)
        : question_(std::make_shared<Question<R>>(std::move(ask))) {}
    Lookup(Lookup&&) noexcept = default;
    ~Lookup() {
        if (question_) question_->forget_waiter();
    }
    bool await_ready() const noexcept { return false; }
    void suspend(PromiseBase& promise) {
        question_->ask(*promise.task_->core_, waiter_);
        waiter_.suspend(promise);
    }
    R await_resume() {
        waiter_.check();
        return question_->answer();
    }

private:
    std::shared_ptr<Question<R>> question_;
    Waiter waiter_;
};

} // namespace asyncio::detail
