// A StreamSocket that is a script: the test says what arrives, how much can be sent and what fails.
#pragma once
#include <asyncio/detail/stream_socket.hpp>

#include <algorithm>
#include <cstring>
#include <deque>
#include <limits>
#include <string>
#include <utility>

namespace asyncio_test {

class MemorySocket final : public asyncio::detail::StreamSocket {
public:
    using IoNode = asyncio::detail::IoNode;
    using IoResult = asyncio::detail::IoResult;

    explicit MemorySocket(asyncio::detail::LoopCore& core) : core_(&core) {}

    // The script.

    void deliver(std::string data) { arrive({std::move(data), 0}); }
    void deliver_eof() { arrive({"", 0}); }
    void deliver_error(int error) { arrive({"", error}); }
    /// From now on the system takes so many bytes before it would block.
    void allow(std::size_t bytes) {
        room_ = bytes;
        if (room_ > 0) fire(writer_);
    }
    void fail_writes(int error) {
        write_error_ = error;
        fire(writer_);
    }

    // What happened.

    std::string sent;
    int writes = 0; // calls that were tried
    bool shut_down = false;
    bool closed = false;
    bool reading() const { return reader_ != nullptr; }
    bool writing() const { return writer_ != nullptr; }
    std::size_t unread() const { return incoming_.size(); }

    // StreamSocket

    IoResult try_read(void* buffer, std::size_t size) noexcept override {
        if (incoming_.empty()) return {0, 0, true};
        Event& event = incoming_.front();
        if (event.data.empty()) {
            const int error = event.error;
            incoming_.pop_front();
            return {0, error, false};
        }
        const std::size_t count = std::min(size, event.data.size());
        std::memcpy(buffer, event.data.data(), count);
        event.data.erase(0, count);
        if (event.data.empty()) incoming_.pop_front();
        return {count, 0, false};
    }
    IoResult try_write(std::string_view data) noexcept override {
        ++writes;
        return send(data);
    }
    IoResult try_write(std::span<const std::string_view> pieces) noexcept override {
        ++writes;
        IoResult total;
        for (const std::string_view piece : pieces) {
            const IoResult one = send(piece);
            total.bytes += one.bytes;
            if (one.error) total.error = one.error;
            if (one.bytes < piece.size()) break;
        }
        total.would_block = total.bytes == 0 && !total.error && room_ == 0;
        return total;
    }
    void wait_readable(IoNode& node) override {
        if (closed) return;
        reader_ = &node;
        node.arm();
        if (!incoming_.empty()) fire(reader_);
    }
    void wait_writable(IoNode& node) override {
        if (closed) return;
        writer_ = &node;
        node.arm();
        if (room_ > 0 || write_error_) fire(writer_);
    }
    int shutdown_write() noexcept override {
        shut_down = true;
        return 0;
    }
    void close() noexcept override {
        closed = true;
        for (IoNode** node : {&reader_, &writer_})
            if (*node) std::exchange(*node, nullptr)->disarm();
    }
    int fileno() const noexcept override { return -1; }

private:
    struct Event {
        std::string data;
        int error; // without data and error: EOF
    };
    void arrive(Event event) {
        incoming_.push_back(std::move(event));
        fire(reader_);
    }
    void fire(IoNode*& node) {
        if (node) std::exchange(node, nullptr)->fire(*core_);
    }
    IoResult send(std::string_view data) noexcept {
        if (write_error_) return {0, write_error_, false};
        if (room_ == 0) return {0, 0, true};
        const std::size_t count = std::min(room_, data.size());
        room_ -= count;
        sent += data.substr(0, count);
        return {count, 0, false};
    }

    const asyncio::detail::Ref<asyncio::detail::LoopCore> core_;
    std::deque<Event> incoming_;
    std::size_t room_ = std::numeric_limits<std::size_t>::max();
    int write_error_ = 0;
    IoNode* reader_ = nullptr;
    IoNode* writer_ = nullptr;
};

} // namespace asyncio_test
