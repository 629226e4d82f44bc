// An open loop that the test runs by hand: for BOOST_FIXTURE_TEST_CASE.
#pragma once
#include <asyncio/asyncio.hpp>

#include "tools.hpp"

#include <memory>
#include <string>

namespace asyncio_test {

template <class Loop = asyncio::EventLoop>
struct OpenLoop {
    OpenLoop() : shared(std::make_shared<Loop>()), loop(*shared) {}
    OpenLoop(const OpenLoop&) = delete;
    ~OpenLoop() { loop.close(); }
    void iterate(int count = 1) {
        for (int i = 0; i < count; ++i) loop.run_once(0);
    }
    /// A callback that writes the text down.
    auto note(std::string text) {
        return [this, text] { trace.push_back(text); };
    }

    std::shared_ptr<Loop> shared;
    Loop& loop;
    Trace trace;
};

} // namespace asyncio_test
