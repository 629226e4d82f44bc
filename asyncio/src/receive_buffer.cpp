// Layer 4. See receive_buffer.hpp.
#include "receive_buffer.hpp"

#include <asyncio/constants.hpp>

#include <utility>
#include <vector>

namespace asyncio::detail {
namespace {

struct Buffer {
    char* bytes = nullptr;
    ~Buffer() {
        delete[] bytes;
        bytes = nullptr;
    }
};
thread_local Buffer buffer;
thread_local std::vector<std::unique_ptr<char[]>> spares; // free, at most one in general

} // namespace

std::span<char> receive_buffer() {
    // Not zeroed: the system commits a page when something is received into it.
    if (!buffer.bytes) [[unlikely]]
        buffer.bytes = new char[constants::MAX_READ_SIZE];
    return {buffer.bytes, constants::MAX_READ_SIZE};
}

SpareBuffer::SpareBuffer() {
    if (spares.empty()) {
        spares.reserve(1);
        bytes_.reset(new char[constants::MAX_READ_SIZE]);
        return;
    }
    bytes_ = std::move(spares.back());
    spares.pop_back();
}

SpareBuffer::~SpareBuffer() {
    if (spares.size() < spares.capacity()) spares.push_back(std::move(bytes_));
}

std::span<char> SpareBuffer::bytes() const noexcept {
    return {bytes_.get(), constants::MAX_READ_SIZE};
}

} // namespace asyncio::detail
