// Layer 0. The logger "asyncio" and the warnings: where the library reports what it cannot raise.
//
// Python counterpart: logging.getLogger("asyncio") (asyncio.log) and the warnings module. Without
// configuration, messages from WARNING up go to stderr. Everything here may be called from any
// thread, never throws into the caller, and works until the end of the process.
#pragma once

#include <asyncio/config.hpp>

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace asyncio {

/// Severities with logging's numbers.
enum class Level { Debug = 10, Info = 20, Warning = 30, Error = 40, Critical = 50 };

/// "DEBUG", "INFO", "WARNING", "ERROR" or "CRITICAL".
ASYNCIO_EXPORT std::string_view level_name(Level level) noexcept;

/// One message, valid during the call of the sink.
struct LogRecord {
    Level level;
    std::string_view message;
    /// The error the message is about (exc_info), or null.
    std::exception_ptr error;
};

/// Receives the records of the logger's level and above. It may be called from several threads at
/// once, and once more by a call that was under way when it was replaced. What it throws is
/// swallowed.
using LogSink = std::function<void(const LogRecord&)>;

/// Filters records by level and hands them to a sink.
class ASYNCIO_EXPORT Logger {
public:
    Logger();
    Logger(const Logger&) = delete;
    Logger& operator=(const Logger&) = delete;
    ~Logger();

    void set_level(Level level) noexcept { level_.store(level, std::memory_order_relaxed); }
    Level level() const noexcept { return level_.load(std::memory_order_relaxed); }
    /// Ask before building an expensive message.
    bool is_enabled_for(Level level) const noexcept { return level >= this->level(); }

    /// Replaces the sink; an empty one restores the default, which writes the message and the
    /// formatted error to stderr.
    void set_sink(LogSink sink);
    /// The sink in use, empty for the default.
    LogSink sink() const;

    void log(Level level, std::string_view message, std::exception_ptr error = nullptr) noexcept;
    void debug(std::string_view message) noexcept { log(Level::Debug, message); }
    void info(std::string_view message) noexcept { log(Level::Info, message); }
    void warning(std::string_view message, std::exception_ptr error = nullptr) noexcept;
    void error(std::string_view message, std::exception_ptr error = nullptr) noexcept;
    void critical(std::string_view message, std::exception_ptr error = nullptr) noexcept;
    /// An ERROR record with the exception being handled.
    void exception(std::string_view message) noexcept;

private:
    struct State;

    std::atomic<Level> level_{Level::Warning};
    std::unique_ptr<State> state_;
};

/// The library's logger.
ASYNCIO_EXPORT Logger& logger();

/// Collects what the library logs while it lives, for tests; then restores sink and level. Nest
/// captures like scopes.
class ASYNCIO_EXPORT LogCapture {
public:
    struct Record {
        Level level;
        std::string message;
        std::exception_ptr error;
    };

    explicit LogCapture(Level level = Level::Debug);
    LogCapture(const LogCapture&) = delete;
    LogCapture& operator=(const LogCapture&) = delete;
    ~LogCapture();

    /// A copy of the records so far, in the order they arrived.
    std::vector<Record> records() const;
    std::size_t size() const;
    /// True if some message contains the text.
    bool contains(std::string_view text) const;
    void clear();

private:
    struct State;

    std::shared_ptr<State> state_;
    LogSink previous_sink_;
    Level previous_level_;
};

namespace warnings {

/// The categories the library uses.
enum class Category { RuntimeWarning, ResourceWarning, DeprecationWarning, UserWarning };

/// The category's class name in Python.
ASYNCIO_EXPORT std::string_view name(Category category) noexcept;

/// Receives the enabled warnings; the rules of LogSink apply.
using Sink = std::function<void(Category, const std::string& text)>;

/// Reports a warning if its category is enabled; by default as `RuntimeWarning: text` on stderr.
ASYNCIO_EXPORT void warn(Category category, std::string text) noexcept;

/// Replaces the sink; an empty one restores the default.
ASYNCIO_EXPORT void set_sink(Sink sink);

/// Shows or hides a category. At first RuntimeWarning and UserWarning are shown, the others only
/// if the environment asks for debug mode (see debug_environment()).
ASYNCIO_EXPORT void set_enabled(Category category, bool enabled) noexcept;
ASYNCIO_EXPORT bool is_enabled(Category category) noexcept;

/// Restores the default sink and the categories shown at first; reads the environment again.
ASYNCIO_EXPORT void reset();

/// Enables all categories and collects the warnings while it lives, then restores sink and
/// categories (warnings.catch_warnings(record=True) with the filter "always").
class ASYNCIO_EXPORT Capture {
public:
    struct Record {
        Category category;
        std::string text;
    };

    Capture();
    Capture(const Capture&) = delete;
    Capture& operator=(const Capture&) = delete;
    ~Capture();

    /// A copy of the warnings so far, in the order they arrived.
    std::vector<Record> records() const;
    std::size_t size() const;
    /// True if some text contains `text`.
    bool contains(std::string_view text) const;
    /// The same among the warnings of one category.
    bool contains(Category category, std::string_view text) const;
    void clear();

private:
    struct State;

    std::shared_ptr<State> state_;
    Sink previous_sink_;
    unsigned previous_categories_;
};

} // namespace warnings

/// True if ASYNCIODEBUG or PYTHONASYNCIODEBUG is set to a non-empty value: the default debug mode
/// of new event loops. Reads the environment on every call.
ASYNCIO_EXPORT bool debug_environment() noexcept;

} // namespace asyncio
