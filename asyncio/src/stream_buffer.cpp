// Layer 5. See detail/stream_buffer.hpp.
#include <asyncio/detail/stream_buffer.hpp>
#include <asyncio/exceptions.hpp>

#include <algorithm>

namespace asyncio::detail {
namespace {

constexpr const char* found_too_late = "Separator is found, but chunk is longer than limit";
constexpr const char* not_found = "Separator is not found, and chunk exceed the limit";

} // namespace

StreamBuffer::StreamBuffer(std::int64_t limit) : limit_(static_cast<std::size_t>(limit)) {
    if (limit <= 0) throw ValueError("Limit cannot be <= 0");
}

void StreamBuffer::feed(std::string_view data) {
    // The read part goes when it is the larger one: each byte moves a bounded number of times.
    if (start_ > 0 && start_ >= size()) {
        bytes_.erase(0, start_);
        start_ = 0;
    }
    bytes_ += data;
}

void StreamBuffer::drop(std::size_t count) noexcept {
    start_ += std::min(count, size());
    if (start_ < bytes_.size()) return;
    // An idle reader keeps no large buffer.
    if (bytes_.capacity() > 4096)
        std::string().swap(bytes_);
    else
        bytes_.clear();
    start_ = 0;
}

std::string StreamBuffer::take(std::size_t count) {
    std::string taken;
    if (start_ == 0 && count >= bytes_.size() && bytes_.size() > 1024)
        taken.swap(bytes_);
    else
        taken = view().substr(0, count);
    drop(taken.size());
    return taken;
}

void StreamBuffer::unread(std::string_view data) {
    if (data.empty()) return;
    bytes_.replace(0, start_, data);
    start_ = 0;
}

std::optional<std::string> ReadSome::attempt(StreamBuffer& buffer) {
    if (count_ == 0) return std::string();
    if (count_ > 0) {
        if (buffer.empty() && !buffer.eof()) return {};
        return buffer.take(static_cast<std::size_t>(count_));
    }
    taken_ += buffer.take(buffer.size());
    if (!buffer.eof()) return {};
    return std::move(taken_);
}

void ReadExactly::validate() const {
    if (count_ < 0) throw ValueError("readexactly size can not be less than zero");
}

std::optional<std::string> ReadExactly::attempt(StreamBuffer& buffer) {
    const auto count = static_cast<std::size_t>(count_);
    if (buffer.size() >= count) return buffer.take(count);
    if (!buffer.eof()) return {};
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

std::optional<std::string> ReadUntil::attempt(StreamBuffer& buffer) {
    const std::string_view data = buffer.view();
    if (data.size() - scanned_ >= separators_.front().size()) {
        if (const auto match = find_first(data, separators_, scanned_)) {
            if (match->start > buffer.limit())
                throw LimitOverrunError(found_too_late, match->start);
            return buffer.take(match->end);
        }
        scanned_ = scanned_all_but(data.size(), separators_.back().size());
        if (scanned_ > buffer.limit()) throw LimitOverrunError(not_found, scanned_);
    }
    if (!buffer.eof()) return {};
    throw IncompleteReadError(buffer.take(data.size()), {});
}

std::optional<std::string> ReadLine::attempt(StreamBuffer& buffer) {
    const std::string_view data = buffer.view();
    const std::size_t at = data.find('\n', scanned_);
    if (at != data.npos) {
        if (at <= buffer.limit()) return buffer.take(at + 1);
        buffer.drop(at + 1);
        throw ValueError(found_too_late);
    }
    scanned_ = data.size();
    if (scanned_ > buffer.limit()) {
        buffer.drop(data.size());
        throw ValueError(not_found);
    }
    if (!buffer.eof()) return {};
    return buffer.take(data.size());
}

} // namespace asyncio::detail
