// Layer 2. The parts of wait_for that do not depend on the result's type.
#include <asyncio/wait_for.hpp>

namespace asyncio::detail {

void CancelAndWait::suspend(PromiseBase& promise) {
    watch_ = Watch(future_.core(), &waiter_,
                   [](void* waiter, FutureBase&) { static_cast<Waiter*>(waiter)->wake(); });
    waiter_.suspend(promise);
    future_.cancel();
}

void throw_timeout(const std::exception_ptr& cause) {
    TimeoutError error;
    error.set_cause(cause);
    throw error;
}

} // namespace asyncio::detail
