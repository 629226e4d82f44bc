// Layer 2. What an exception handler is told about an error that nobody catches.
//
// Python counterpart: the context dictionary of loop.call_exception_handler().
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/events.hpp>
#include <asyncio/futures.hpp>
#include <asyncio/tasks.hpp>

#include <exception>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace asyncio {

class BaseTransport;
class BaseProtocol;

/// Every member but the message may be empty; Python's dictionary then lacks the key.
struct ExceptionContext {
    std::string message;
    std::exception_ptr exception = {};
    FutureRef future = {};
    TaskRef task = {};
    Handle handle = {};
    std::shared_ptr<BaseTransport> transport = {};
    std::shared_ptr<BaseProtocol> protocol = {};
    std::string socket = {};           ///< repr of the socket
    std::string source_traceback = {}; ///< where the future or handle was created (debug)
    std::string asyncgen = {};         ///< repr of the asynchronous generator
    std::map<std::string, std::string> extra = {};

    /// The keys Python's dictionary would have, sorted.
    ASYNCIO_EXPORT std::vector<std::string> keys() const;
    /// "key: value" for each key but message and exception, sorted by key.
    ASYNCIO_EXPORT std::string details() const;
    /// "{'message': ..., 'exception': ...}", as Python shows the dictionary.
    ASYNCIO_EXPORT std::string repr() const;

private:
    std::map<std::string, std::string> lines() const;
};

} // namespace asyncio
