// Layer 4. See detail/write_buffer.hpp.
#include <asyncio/detail/write_buffer.hpp>

#include <utility>

namespace asyncio::detail {

void WriteBuffer::append(std::string_view data) {
    if (data.empty()) return;
    size_ += data.size();
    if (first_ < chunks_.size() && chunks_.back().size() + data.size() <= chunk_size) {
        chunks_.back() += data;
        return;
    }
    chunks_.emplace_back(data);
}

void WriteBuffer::append(std::string&& data, std::size_t sent) {
    if (data.size() - sent <= chunk_size / 4) return append(std::string_view(data).substr(sent));
    size_ += data.size() - sent;
    // Only the first chunk may be partly sent.
    if (size_ == data.size() - sent)
        sent_ = sent;
    else
        data.erase(0, sent);
    chunks_.push_back(std::move(data));
}

std::size_t WriteBuffer::peek(std::span<std::string_view> out) const noexcept {
    std::size_t count = 0;
    for (std::size_t at = first_; at < chunks_.size() && count < out.size(); ++at)
        out[count++] = std::string_view(chunks_[at]).substr(at == first_ ? sent_ : 0);
    return count;
}

void WriteBuffer::consume(std::size_t count) noexcept {
    size_ -= count;
    if (size_ == 0) return clear();
    sent_ += count;
    while (sent_ >= chunks_[first_].size()) {
        sent_ -= chunks_[first_].size();
        chunks_[first_++] = std::string();
    }
    // The room of what is sent is used again before it outgrows the rest.
    if (first_ > 64 && first_ * 2 > chunks_.size()) {
        chunks_.erase(chunks_.begin(), chunks_.begin() + static_cast<std::ptrdiff_t>(first_));
        first_ = 0;
    }
}

void WriteBuffer::clear() noexcept {
    std::vector<std::string>().swap(chunks_);
    first_ = sent_ = size_ = 0;
}

} // namespace asyncio::detail
