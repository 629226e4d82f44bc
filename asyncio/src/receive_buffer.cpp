// Layer 4. See receive_buffer.hpp.
#include "receive_buffer.hpp"

#include <asyncio/constants.hpp>

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

} // namespace

std::span<char> receive_buffer() {
    // Not zeroed: the system commits a page when something is received into it.
    if (!buffer.bytes) [[unlikely]]
        buffer.bytes = new char[constants::MAX_READ_SIZE];
    return {buffer.bytes, constants::MAX_READ_SIZE};
}

} // namespace asyncio::detail
