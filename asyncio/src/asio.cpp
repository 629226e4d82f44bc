// Layer 2. The parts of the Asio door that need no template.
#include <asyncio/asio.hpp>
#include <asyncio/exceptions.hpp>

#include "driver.hpp"

#include <boost/asio/error.hpp>

namespace asyncio {
namespace detail {

std::exception_ptr error_of(const boost::system::error_code& code) {
    if (code == boost::asio::error::eof) return std::make_exception_ptr(EOFError(code.message()));
    return OSError::from_code(code);
}

bool OperationWaiter::cancel(const CancelMessage& message) {
    if (!signal_) return Waiter::cancel(message); // it has not begun
    if (!pending()) return false;
    requested_ = true;
    message_ = message;
    signal_->emit(boost::asio::cancellation_type::all);
    return true;
}

void OperationWaiter::ended() {
    if (requested_)
        Waiter::cancel(message_);
    else
        wake();
}

} // namespace detail

boost::asio::any_io_executor get_executor(AbstractEventLoop& loop) {
    return detail::executor_of(loop);
}

} // namespace asyncio
