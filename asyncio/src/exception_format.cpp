// Layer 0. Texts for people: repr of strings and the report of an error with its causes and
// group members, in the layout of Python's traceback module (without source lines).
#include <asyncio/exceptions.hpp>

#include <algorithm>
#include <vector>

namespace asyncio {

namespace {

constexpr std::string_view cause_title =
    "\nThe above exception was the direct cause of the following exception:\n\n";
constexpr std::string_view context_title =
    "\nDuring handling of the above exception, another exception occurred:\n\n";
constexpr std::size_t max_group_width = 15;
constexpr std::size_t max_group_depth = 10;

// Length of the well-formed UTF-8 sequence at the start of `text`, 0 if there is none.
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(0);
    const std::size_t length = first < 0x80                    ? 1
                               : first >= 0xC2 && first < 0xE0 ? 2
                               : first >= 0xE0 && first < 0xF0 ? 3
                               : first >= 0xF0 && first < 0xF5 ? 4
                                                               : 0;
    if (length == 0 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0) != 0x80) return 0;
    // Overlong forms, surrogates, and what lies beyond U+10FFFF.
    if (length > 2) {
        const unsigned second = byte(1);
        if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
            (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F))
            return 0;
    }
    return length;
}

void append_escape(std::string& out, unsigned char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    switch (c) {
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default:
        out += "\\x";
        out += digits[c >> 4];
        out += digits[c & 15];
    }
}

class Report {
public:
    explicit Report(const std::exception_ptr& error) { chain(error); }

    std::string take() {
        while (!out_.empty() && out_.back() == '\n') out_.pop_back();
        return std::move(out_);
    }

private:
    struct Link {
        std::string_view title;
        std::exception_ptr error;
    };

    void chain(std::exception_ptr error) {
        std::vector<Link> links;
        while (error && std::find(seen_.begin(), seen_.end(), error) == seen_.end()) {
            seen_.push_back(error);
            Link& link = links.emplace_back(Link{{}, error});
            const auto* ours = exception_cast<BaseException>(error);
            error = cause_of(link.error);
            link.title = error ? cause_title : context_title;
            if (!error && ours && !ours->suppress_context()) error = ours->context();
        }
        // A cause that was already printed ends the chain, and needs no title.
        for (std::size_t i = links.size(); i-- > 0;) {
            if (i + 1 < links.size()) emit(links[i].title);
            one(links[i].error);
        }
    }

    void one(const std::exception_ptr& error) {
        const auto* group = exception_cast<BaseExceptionGroup>(error);
        if (group && depth_ > max_group_depth) {
            emit("... (max_group_depth is " + std::to_string(max_group_depth) + ")\n");
            return;
        }
        const bool top = group && depth_ == 0;
        if (top) ++depth_;
        const std::string text = str(error);
        emit(type_name(error) + (!error || !text.empty() ? ": " + text : "") + "\n");
        if (group) members(group->exceptions());
        if (top) --depth_;
    }

    void members(const BaseExceptionGroup::ErrorList& errors) {
        const std::size_t count = std::min(errors.size(), max_group_width + 1);
        for (std::size_t i = 0; i < count; ++i) {
            const bool truncated = i == max_group_width;
            open_ = true;
            out_.append(2 * depth_, ' ');
            out_ += (i == 0 ? "+-+---------------- " : "  +---------------- ");
            out_ += (truncated ? "..." : std::to_string(i + 1)) + " ----------------\n";
            ++depth_;
            if (truncated) {
                const std::size_t more = errors.size() - max_group_width;
                emit("and " + std::to_string(more) + " more exception" + (more > 1 ? "s\n" : "\n"));
            } else {
                chain_of_member(errors[i]);
            }
            if (i + 1 == count && open_) {
                out_.append(2 * depth_, ' ');
                out_ += "+------------------------------------\n";
                open_ = false;
            }
            --depth_;
        }
    }

    // An error may be a member of two groups: it is printed twice, only its causes are not.
    void chain_of_member(const std::exception_ptr& error) {
        if (std::find(seen_.begin(), seen_.end(), error) == seen_.end())
            chain(error);
        else
            one(error);
    }

    // Every line of the text gets the margin of the group it belongs to.
    void emit(std::string_view text) {
        const std::string margin = depth_ ? std::string(2 * depth_, ' ') + "| " : std::string();
        while (!text.empty()) {
            const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
            out_ += margin;
            out_ += text.substr(0, end);
            text.remove_prefix(end);
        }
    }

    std::string out_;
    std::vector<std::exception_ptr> seen_;
    std::size_t depth_ = 0;
    bool open_ = false; // no nested group has drawn the closing line yet
};

} // namespace

namespace detail {

std::string repr_string(std::string_view text) {
    const bool has_single = text.find('\'') != std::string_view::npos;
    const char quote = has_single && text.find('"') == std::string_view::npos ? '"' : '\'';
    std::string out(1, quote);
    while (!text.empty()) {
        const char c = text.front();
        const std::size_t length = utf8_length(text);
        const auto code = static_cast<unsigned char>(c);
        if (length == 0 || code < 0x20 || code == 0x7F) {
            append_escape(out, code);
            text.remove_prefix(1);
            continue;
        }
        if (c == quote || c == '\\') out += '\\';
        out += text.substr(0, length);
        text.remove_prefix(length);
    }
    return out += quote;
}

} // namespace detail

std::string format_exception(const std::exception_ptr& error) {
    return error ? Report(error).take() : "NoneType: None";
}

} // namespace asyncio
