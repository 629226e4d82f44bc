// Tasks that acquire a Lock or a Semaphore and write down what happened.
#pragma once
#include <asyncio/asyncio.hpp>

#include "tools.hpp"

#include <string>
#include <vector>

namespace asyncio_test {

/// Acquires for a moment; writes "NAME" or "NAME cancelled".
template <class L>
asyncio::Coroutine<> holder(L lock, std::string name, Trace& trace) {
    try {
        const auto guard = co_await lock.scoped();
        trace.push_back(name);
    } catch (const asyncio::CancelledError&) {
        trace.push_back(name + " cancelled");
        throw;
    }
}

template <class L>
std::vector<asyncio::Task<>> holders(L lock, const Trace& names, Trace& trace) {
    std::vector<asyncio::Task<>> tasks;
    for (const std::string& name : names)
        tasks.push_back(asyncio::create_task(holder(lock, name, trace)));
    return tasks;
}

/// Acquires, writes "NAME" and keeps it.
template <class L>
asyncio::Coroutine<> taker(L lock, std::string name, Trace& trace) {
    co_await lock.acquire();
    trace.push_back(name);
}

} // namespace asyncio_test
