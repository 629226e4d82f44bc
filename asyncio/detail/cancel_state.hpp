// Layer 2. The cancel/uncancel/cancelling state machine, in one place.
//
//   event                 requests   must_throw   meaning
//   cancel(), forwarded      +1          -        what the task waits for took the cancel
//   cancel(), kept           +1         set       the next step throws CancelledError
//   delivered                 -        cleared    the throw happened (or a cancel was forwarded)
//   uncancel()               -1     cleared at 0  never below zero; at zero an undelivered request
//                                                 is withdrawn
//
// Used by Task; TaskGroup and Timeout act through the task's cancel() and uncancel().
// Python counterpart: Task._num_cancels_requested and Task._must_cancel.
#pragma once

namespace asyncio::detail {

class CancelState {
public:
    void request() noexcept { ++requests_; }
    void keep() noexcept { must_throw_ = true; }
    void delivered() noexcept { must_throw_ = false; }
    bool must_throw() const noexcept { return must_throw_; }
    int requests() const noexcept { return requests_; }
    int withdraw() noexcept {
        if (requests_ > 0 && --requests_ == 0) must_throw_ = false;
        return requests_;
    }

private:
    int requests_ = 0;
    bool must_throw_ = false;
};

} // namespace asyncio::detail
