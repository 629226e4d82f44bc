// Layer 0. Sinks of the logger and of the warnings. See log.hpp.
#include <asyncio/exceptions.hpp>
#include <asyncio/log.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <mutex>

namespace asyncio {

namespace {

// A replaceable callback. It is called without the lock, so it may log, warn or replace itself.
template <class Function>
class SinkSlot {
public:
    void set(Function sink) {
        auto shared = sink ? std::make_shared<const Function>(std::move(sink)) : nullptr;
        const std::lock_guard<std::mutex> lock(mutex_);
        sink_.swap(shared);
    }

    std::shared_ptr<const Function> get() const {
        const std::lock_guard<std::mutex> lock(mutex_);
        return sink_;
    }

    Function copy() const {
        const auto sink = get();
        return sink ? *sink : Function();
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const Function> sink_;
};

// Records that may arrive from several threads, and after their capture is gone.
template <class Record>
class Recorder {
public:
    void add(Record record) {
        const std::lock_guard<std::mutex> lock(mutex_);
        records_.push_back(std::move(record));
    }

    std::vector<Record> copy() const {
        const std::lock_guard<std::mutex> lock(mutex_);
        return records_;
    }

    std::size_t size() const {
        const std::lock_guard<std::mutex> lock(mutex_);
        return records_.size();
    }

    void clear() {
        std::vector<Record> dropped;
        const std::lock_guard<std::mutex> lock(mutex_);
        records_.swap(dropped);
    }

    template <class Predicate>
    bool any(Predicate predicate) const {
        const std::lock_guard<std::mutex> lock(mutex_);
        return std::any_of(records_.begin(), records_.end(), predicate);
    }

private:
    mutable std::mutex mutex_;
    std::vector<Record> records_;
};

bool has_text(std::string_view whole, std::string_view part) {
    return whole.find(part) != std::string_view::npos;
}

// One call per message, so that lines of different threads do not mix.
void write_stderr(std::string text) {
    text += '\n';
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
}

void write_record(const LogRecord& record) {
    std::string text(record.message);
    if (record.error) text += "\n" + format_exception(record.error);
    write_stderr(std::move(text));
}

bool is_set(const char* variable) noexcept {
    const char* value = std::getenv(variable);
    return value && *value;
}

} // namespace

std::string_view level_name(Level level) noexcept {
    switch (level) {
    case Level::Debug: return "DEBUG";
    case Level::Info: return "INFO";
    case Level::Warning: return "WARNING";
    case Level::Error: return "ERROR";
    case Level::Critical: return "CRITICAL";
    }
    return "NOTSET";
}

bool debug_environment() noexcept { return is_set("ASYNCIODEBUG") || is_set("PYTHONASYNCIODEBUG"); }

struct Logger::State {
    SinkSlot<LogSink> sink;
};

Logger::Logger() : state_(std::make_unique<State>()) {}

Logger::~Logger() = default;

void Logger::set_sink(LogSink sink) { state_->sink.set(std::move(sink)); }

LogSink Logger::sink() const { return state_->sink.copy(); }

// Nothing may escape (the callers are destructors and the loop itself), so a sink that throws
// loses its record.
void Logger::log(Level level, std::string_view message, std::exception_ptr error) noexcept {
    if (!is_enabled_for(level)) return;
    try {
        const LogRecord record{level, message, std::move(error)};
        if (const auto sink = state_->sink.get())
            (*sink)(record);
        else
            write_record(record);
    } catch (...) {
    }
}

void Logger::warning(std::string_view message, std::exception_ptr error) noexcept {
    log(Level::Warning, message, std::move(error));
}

void Logger::error(std::string_view message, std::exception_ptr error) noexcept {
    log(Level::Error, message, std::move(error));
}

void Logger::critical(std::string_view message, std::exception_ptr error) noexcept {
    log(Level::Critical, message, std::move(error));
}

void Logger::exception(std::string_view message) noexcept {
    log(Level::Error, message, std::current_exception());
}

// Never destroyed: objects with static storage may report until the very end.
Logger& logger() {
    static Logger* const instance = new Logger;
    return *instance;
}

struct LogCapture::State : Recorder<Record> {};

LogCapture::LogCapture(Level level)
    : state_(std::make_shared<State>()), previous_sink_(logger().sink()),
      previous_level_(logger().level()) {
    logger().set_sink([state = state_](const LogRecord& record) {
        state->add({record.level, std::string(record.message), record.error});
    });
    logger().set_level(level);
}

LogCapture::~LogCapture() {
    logger().set_sink(std::move(previous_sink_));
    logger().set_level(previous_level_);
}

std::vector<LogCapture::Record> LogCapture::records() const { return state_->copy(); }

std::size_t LogCapture::size() const { return state_->size(); }

bool LogCapture::contains(std::string_view text) const {
    return state_->any([&](const Record& record) { return has_text(record.message, text); });
}

void LogCapture::clear() { state_->clear(); }

namespace warnings {

namespace {

constexpr unsigned bit(Category category) noexcept { return 1u << static_cast<unsigned>(category); }

constexpr unsigned shown_always = bit(Category::RuntimeWarning) | bit(Category::UserWarning);
constexpr unsigned all_categories =
    shown_always | bit(Category::ResourceWarning) | bit(Category::DeprecationWarning);

unsigned initial_categories() noexcept {
    return debug_environment() ? all_categories : shown_always;
}

struct Filter {
    SinkSlot<Sink> sink;
    std::atomic<unsigned> categories{initial_categories()};
};

Filter& filter() {
    static Filter* const instance = new Filter;
    return *instance;
}

} // namespace

std::string_view name(Category category) noexcept {
    switch (category) {
    case Category::RuntimeWarning: return "RuntimeWarning";
    case Category::ResourceWarning: return "ResourceWarning";
    case Category::DeprecationWarning: return "DeprecationWarning";
    case Category::UserWarning: return "UserWarning";
    }
    return "Warning";
}

void warn(Category category, std::string text) noexcept {
    try {
        if (!is_enabled(category)) return;
        if (const auto sink = filter().sink.get())
            (*sink)(category, text);
        else
            write_stderr(std::string(name(category)) + ": " + text);
    } catch (...) {
    }
}

void set_sink(Sink sink) { filter().sink.set(std::move(sink)); }

void set_enabled(Category category, bool enabled) noexcept {
    if (enabled)
        filter().categories.fetch_or(bit(category));
    else
        filter().categories.fetch_and(~bit(category));
}

bool is_enabled(Category category) noexcept {
    return filter().categories.load(std::memory_order_relaxed) & bit(category);
}

void reset() {
    filter().sink.set({});
    filter().categories.store(initial_categories());
}

struct Capture::State : Recorder<Record> {};

Capture::Capture()
    : state_(std::make_shared<State>()), previous_sink_(filter().sink.copy()),
      previous_categories_(filter().categories.load()) {
    set_sink([state = state_](Category category, const std::string& text) {
        state->add({category, text});
    });
    filter().categories.store(all_categories);
}

Capture::~Capture() {
    filter().categories.store(previous_categories_);
    set_sink(std::move(previous_sink_));
}

std::vector<Capture::Record> Capture::records() const { return state_->copy(); }

std::size_t Capture::size() const { return state_->size(); }

bool Capture::contains(std::string_view text) const {
    return state_->any([&](const Record& record) { return has_text(record.text, text); });
}

bool Capture::contains(Category category, std::string_view text) const {
    return state_->any([&](const Record& record) {
        return record.category == category && has_text(record.text, text);
    });
}

void Capture::clear() { state_->clear(); }

} // namespace warnings
} // namespace asyncio
