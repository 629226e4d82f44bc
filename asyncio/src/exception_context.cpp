// Layer 4. How an ExceptionContext shows itself: every kind of object that it may name.
//
// Python counterpart: the dictionary given to BaseEventLoop.call_exception_handler.
#include <asyncio/detail/names.hpp>
#include <asyncio/exception_context.hpp>
#include <asyncio/protocols.hpp>
#include <asyncio/tasks.hpp>
#include <asyncio/transports.hpp>

namespace asyncio {

std::vector<std::string> ExceptionContext::keys() const {
    std::map<std::string, bool> present = {
        {"asyncgen", !asyncgen.empty()},
        {"exception", exception != nullptr},
        {"future", bool(future)},
        {"handle", bool(handle)},
        {"message", !message.empty()},
        {"protocol", protocol != nullptr},
        {"socket", !socket.empty()},
        {"source_traceback", !source_traceback.empty()},
        {"task", bool(task)},
        {"transport", transport != nullptr},
    };
    for (const auto& [key, value] : extra) present[key] = true;
    std::vector<std::string> keys;
    for (const auto& [key, there] : present)
        if (there) keys.push_back(key);
    return keys;
}

std::string ExceptionContext::repr() const {
    std::string text = "{'message': " + detail::repr_string(message);
    if (exception) text += ", 'exception': " + asyncio::repr(exception);
    for (const auto& [key, value] : lines()) text += ", '" + key + "': " + value;
    return text + '}';
}

std::map<std::string, std::string> ExceptionContext::lines() const {
    std::map<std::string, std::string> all(extra);
    if (!asyncgen.empty()) all["asyncgen"] = asyncgen;
    if (future) all["future"] = to_string(future);
    if (handle) all["handle"] = handle.repr();
    if (protocol) all["protocol"] = detail::object_name(protocol.get());
    if (!socket.empty()) all["socket"] = socket;
    if (!source_traceback.empty())
        all["source_traceback"] = "Object created at (most recent call last):\n" + source_traceback;
    if (task) all["task"] = to_string(task);
    if (transport) all["transport"] = transport->repr();
    return all;
}

std::string ExceptionContext::details() const {
    std::string text;
    for (const auto& [key, value] : lines())
        text += (text.empty() ? "" : "\n") + key + ": " + value;
    return text;
}

} // namespace asyncio
