// Layer 5. See detail/stream_buffer.hpp.
#include <asyncio/detail/memory.hpp>
#include <asyncio/detail/stream_buffer.hpp>
#include <asyncio/exceptions.hpp>

#include <algorithm>
#include <optional>

namespace asyncio::detail {
namespace {

constexpr const char* found_too_late = "Separator is found, but chunk is longer than limit";
constexpr const char* not_found = "Separator is not found, and chunk exceed the limit";

} // namespace

StreamBuffer::StreamBuffer(std::int64_t limit) : limit_(static_cast<std::size_t>(limit)) {
    if (limit <= 0) throw ValueError("Limit cannot be <= 0");
}

void StreamBuffer::release() noexcept {
    if (bytes_) deallocate_bytes(bytes_, capacity_);
    bytes_ = nullptr;
    capacity_ = start_ = end_ = 0;
}

// Moves the bytes to the front when that frees as much as it moves, so that each byte moves a
// bounded number of times; else to a block of at least twice the size.
void StreamBuffer::make_room(std::size_t count) {
    const std::size_t read = start_ - aside_;
    const std::size_t used = end_ - read;
    if (capacity_ - used >= count && read >= used) {
        std::copy(bytes_ + read, bytes_ + end_, bytes_);
    } else {
        const std::size_t capacity = block_size(std::max(used + count, 2 * used));
        char* const bytes = allocate_bytes(capacity);
        std::copy(bytes_ + read, bytes_ + end_, bytes);
        if (bytes_) deallocate_bytes(bytes_, capacity_);
        bytes_ = bytes;
        capacity_ = capacity;
    }
    start_ = aside_;
    end_ = used;
}

void StreamBuffer::feed(std::string_view data) {
    if (capacity_ - end_ < data.size()) make_room(data.size());
    std::copy(data.begin(), data.end(), bytes_ + end_);
    end_ += data.size();
}

void StreamBuffer::drop(std::size_t count) noexcept {
    count = std::min(count, size());
    // What is set aside stays next to what is there.
    if (aside_ && count)
        std::copy_backward(bytes_ + start_ - aside_, bytes_ + start_, bytes_ + start_ + count);
    start_ += count;
    if (start_ == end_ && aside_ == 0) release();
}

std::string StreamBuffer::take(std::size_t count) {
    std::string taken(view().substr(0, count));
    drop(taken.size());
    return taken;
}

std::size_t StreamBuffer::set_aside() noexcept {
    const std::size_t count = size();
    aside_ += count;
    start_ = end_;
    return count;
}

std::string StreamBuffer::take_aside() {
    std::string taken(bytes_ + start_ - aside_, aside_);
    aside_ = 0;
    drop(0);
    return taken;
}

bool ReadSome::attempt(StreamBuffer& buffer, std::string& result) {
    if (count_ > 0) {
        if (buffer.empty() && !buffer.eof()) return false;
        result = buffer.take(static_cast<std::size_t>(count_));
    } else if (count_ < 0) {
        if (buffer.set_aside() > 0) took_ = true;
        if (!buffer.eof()) return false;
        took_ = false;
        result = buffer.take_aside();
    }
    return true;
}

void ReadExactly::validate() const {
    if (count_ < 0) throw ValueError("readexactly size can not be less than zero");
}

bool ReadExactly::attempt(StreamBuffer& buffer, std::string& result) {
    const auto count = static_cast<std::size_t>(count_);
    if (buffer.size() >= count) {
        result = buffer.take(count);
        return true;
    }
    if (!buffer.eof()) return false;
    throw IncompleteReadError(buffer.take(buffer.size()), count);
}

namespace {

struct Match {
    std::size_t start;
    std::size_t end;
};

// The match that ends first; of several with the same end that of the shortest separator.
std::optional<Match> find_first(std::string_view data, const std::vector<std::string>& separators,
                                std::size_t from) {
    std::optional<Match> first;
    for (const std::string& separator : separators) {
        // A later match cannot win.
        const auto within = first ? data.substr(0, first->end) : data;
        const std::size_t start = within.find(separator, from);
        if (start == within.npos) continue;
        const std::size_t end = start + separator.size();
        if (!first || end < first->end) first = Match{start, end};
    }
    return first;
}

// What a failed search may skip next time: all but the beginning of a separator.
std::size_t scanned_all_but(std::size_t size, std::size_t longest) {
    return size + 1 > longest ? size + 1 - longest : 0;
}

} // namespace

void ReadUntil::validate() {
    if (separators_.empty()) throw ValueError("Separator should contain at least one element");
    std::sort(separators_.begin(), separators_.end(),
              [](const auto& a, const auto& b) { return a.size() < b.size(); });
    if (separators_.front().empty())
        throw ValueError("Separator should be at least one-byte string");
}

bool ReadUntil::attempt(StreamBuffer& buffer, std::string& result) {
    const std::string_view data = buffer.view();
    if (data.size() - scanned_ >= separators_.front().size()) {
        if (const auto match = find_first(data, separators_, scanned_)) {
            if (match->start > buffer.limit())
                throw LimitOverrunError(found_too_late, match->start);
            result = buffer.take(match->end);
            return true;
        }
        scanned_ = scanned_all_but(data.size(), separators_.back().size());
        if (scanned_ > buffer.limit()) throw LimitOverrunError(not_found, scanned_);
    }
    if (!buffer.eof()) return false;
    throw IncompleteReadError(buffer.take(data.size()), {});
}

bool ReadLine::attempt(StreamBuffer& buffer, std::string& result) {
    const std::string_view data = buffer.view();
    const std::size_t at = data.find('\n', scanned_);
    if (at != data.npos) {
        if (at > buffer.limit()) {
            buffer.drop(at + 1);
            throw ValueError(found_too_late);
        }
        result = buffer.take(at + 1);
        return true;
    }
    scanned_ = data.size();
    if (scanned_ > buffer.limit()) {
        buffer.drop(data.size());
        throw ValueError(not_found);
    }
    if (!buffer.eof()) return false;
    result = buffer.take(data.size());
    return true;
}

} // namespace asyncio::detail
