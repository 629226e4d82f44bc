// Protocols that write down what they are called with, and tell the test that something came.
#pragma once
#include <asyncio/asyncio.hpp>

#include "tools.hpp"

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace asyncio_test {

/// What all protocols hear of their transport: "made", "pause", "resume", "lost REPR". P is the
/// protocol's base class, T its kind of transport.
template <class P, class T = asyncio::Transport>
struct Recording : P {
    explicit Recording(std::shared_ptr<Trace> entries = std::make_shared<Trace>())
        : owned(std::move(entries)), log(*owned) {}

    void connection_made(std::shared_ptr<T> made) override {
        transport = std::move(made);
        note("made");
    }
    void connection_lost(std::exception_ptr error) override {
        note("lost " + (error ? asyncio::repr(error) : "None"));
        transport.reset(); // the two own each other
    }
    void pause_writing() override { note("pause"); }
    void resume_writing() override { note("resume"); }

    virtual void note(std::string entry) {
        log.push_back(std::move(entry));
        event.set();
    }
    /// Waits for the next entry.
    asyncio::Coroutine<> next() {
        event.clear();
        co_await event.wait();
    }

    std::shared_ptr<Trace> owned; // a transport may outlive the test's own variables
    Trace& log;
    asyncio::Event event;
    std::shared_ptr<T> transport;
};

/// A stream: "data TEXT", "eof".
struct Recorder : Recording<asyncio::Protocol> {
    using Recording::Recording;
    void data_received(std::string_view data) override {
        note("data " + std::string(data));
        if (on_data) on_data();
    }
    bool eof_received() override {
        note("eof");
        return keep_open;
    }

    std::function<void()> on_data;
    bool keep_open = false;
};

} // namespace asyncio_test
