// The logger and the warnings: levels, sinks, captures, the default output. // own loop only
#include <asyncio/exceptions.hpp>
#include <asyncio/log.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <optional>
#include <stdexcept>
#include <thread>

#include <stdlib.h>
#include <unistd.h>

using namespace asyncio;
using warnings::Category;

namespace {

// Collects what goes to descriptor 2 while it lives.
class StderrToFile {
public:
    StderrToFile() : file_(std::tmpfile()), saved_(::dup(2)) {
        std::fflush(stderr);
        ::dup2(::fileno(file_), 2);
    }
    StderrToFile(const StderrToFile&) = delete;
    ~StderrToFile() {
        restore();
        std::fclose(file_);
    }

    std::string text() {
        restore();
        std::rewind(file_);
        std::string all;
        for (int c; (c = std::fgetc(file_)) != EOF;) all += static_cast<char>(c);
        return all;
    }

private:
    void restore() {
        if (saved_ < 0) return;
        std::fflush(stderr);
        ::dup2(saved_, 2);
        ::close(std::exchange(saved_, -1));
    }

    std::FILE* file_;
    int saved_;
};

// Sets or removes an environment variable while it lives.
class Environment {
public:
    Environment(const char* name, const char* value) : name_(name) {
        if (const char* old = ::getenv(name)) old_ = old;
        assign(value);
    }
    Environment(const Environment&) = delete;
    ~Environment() { assign(old_ ? old_->c_str() : nullptr); }

private:
    void assign(const char* value) {
        if (value)
            ::setenv(name_, value, 1);
        else
            ::unsetenv(name_);
    }

    const char* name_;
    std::optional<std::string> old_;
};

// Every case starts from the state of a fresh program.
struct Fresh {
    Fresh() { reset(); }
    ~Fresh() { reset(); }
    static void reset() {
        logger().set_sink({});
        logger().set_level(Level::Warning);
        warnings::reset();
    }
};

} // namespace

// The suite's namespace must not meet ::log of <math.h>.
namespace asyncio_tests {
BOOST_FIXTURE_TEST_SUITE(log, Fresh)

// DBG-10
BOOST_AUTO_TEST_CASE(warnings_and_above_are_visible_without_configuration) {
    BOOST_TEST((logger().level() == Level::Warning));
    BOOST_TEST(!logger().is_enabled_for(Level::Info));
    BOOST_TEST(logger().is_enabled_for(Level::Warning));
    StderrToFile output;
    logger().debug("d");
    logger().info("i");
    logger().warning("w");
    logger().error("e");
    logger().critical("c");
    BOOST_TEST(output.text() == "w\ne\nc\n");
}

BOOST_AUTO_TEST_CASE(the_default_output_adds_the_error) {
    StderrToFile output;
    logger().error("failed", std::make_exception_ptr(ValueError("x")));
    try {
        throw std::runtime_error("y");
    } catch (...) {
        logger().exception("handled");
    }
    logger().exception("nothing is being handled");
    BOOST_TEST(output.text() == "failed\nValueError: x\nhandled\nruntime_error: y\n"
                                "nothing is being handled\n");
}

BOOST_AUTO_TEST_CASE(a_sink_receives_the_enabled_records) {
    std::string trace;
    logger().set_sink([&](const LogRecord& record) {
        trace += std::string(level_name(record.level)) + ":" + std::string(record.message) +
                 (record.error ? ":" + str(record.error) : "") + ";";
    });
    logger().set_level(Level::Info);
    StderrToFile output;
    logger().debug("a");
    logger().info("b");
    logger().error("c", std::make_exception_ptr(OSError("disk")));
    BOOST_TEST(trace == "INFO:b;ERROR:c:disk;");
    logger().set_sink({});
    logger().warning("default again");
    BOOST_TEST(output.text() == "default again\n");
    BOOST_TEST(!logger().sink());
}

// DBG-12
BOOST_AUTO_TEST_CASE(a_throwing_sink_is_swallowed) {
    int calls = 0;
    logger().set_sink([&](const LogRecord&) {
        if (++calls == 1) throw std::runtime_error("sink");
        throw CancelledError();
    });
    logger().error("a");
    logger().error("b");
    BOOST_TEST(calls == 2);
    warnings::set_sink([&](Category, const std::string&) { throw ++calls; });
    warnings::warn(Category::UserWarning, "c");
    BOOST_TEST(calls == 3);
}

BOOST_AUTO_TEST_CASE(a_sink_may_log_and_replace_itself) {
    std::string trace;
    logger().set_sink([&trace](const LogRecord& record) {
        logger().set_sink([&trace](const LogRecord& inner) {
            trace += "new:" + std::string(inner.message) + ";";
        });
        trace += "old:" + std::string(record.message) + ";";
        logger().warning("from the sink");
    });
    logger().warning("a");
    BOOST_TEST(trace == "old:a;new:from the sink;");
}

BOOST_AUTO_TEST_CASE(capture_records_and_restores) {
    StderrToFile output;
    logger().set_level(Level::Error);
    {
        LogCapture outer;
        logger().debug("one");
        {
            LogCapture inner(Level::Warning);
            logger().info("hidden");
            logger().error("two", std::make_exception_ptr(ValueError("x")));
            BOOST_TEST(inner.size() == 1u);
            BOOST_TEST(inner.contains("tw"));
            BOOST_TEST(!inner.contains("hidden"));
            const auto records = inner.records();
            BOOST_TEST((records.at(0).level == Level::Error));
            BOOST_TEST(str(records.at(0).error) == "x");
            inner.clear();
            BOOST_TEST(inner.size() == 0u);
        }
        logger().info("three");
        BOOST_TEST(outer.size() == 2u);
        BOOST_TEST(outer.records().at(1).message == "three");
    }
    BOOST_TEST((logger().level() == Level::Error));
    logger().warning("below the level");
    logger().error("visible");
    BOOST_TEST(output.text() == "visible\n");
}

BOOST_AUTO_TEST_CASE(threads_may_log_at_once) {
    LogCapture logs;
    warnings::Capture warned;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([] {
            for (int n = 0; n < 100; ++n) {
                logger().info("message");
                logger().set_level(Level::Debug);
                warnings::warn(Category::ResourceWarning, "text");
                warnings::set_enabled(Category::UserWarning, n % 2 == 0);
            }
        });
    std::size_t elsewhere = 0;
    for (int n = 0; n < 50; ++n) {
        const LogCapture nested;
        std::this_thread::yield();
        elsewhere += nested.size();
    }
    for (auto& thread : threads) thread.join();
    BOOST_TEST(logs.size() + elsewhere <= 400u);
    BOOST_TEST(warned.size() == 400u);
}

BOOST_AUTO_TEST_CASE(runtime_and_user_warnings_are_shown_by_default) {
    const Environment ours("ASYNCIODEBUG", nullptr);
    const Environment python("PYTHONASYNCIODEBUG", nullptr);
    warnings::reset();
    StderrToFile output;
    warnings::warn(Category::RuntimeWarning, "coroutine 'f' was never awaited");
    warnings::warn(Category::ResourceWarning, "unclosed transport");
    warnings::warn(Category::DeprecationWarning, "old");
    warnings::warn(Category::UserWarning, "user");
    BOOST_TEST(output.text() == "RuntimeWarning: coroutine 'f' was never awaited\n"
                                "UserWarning: user\n");
}

BOOST_AUTO_TEST_CASE(debug_in_the_environment_shows_all_warnings) {
    for (const char* variable : {"ASYNCIODEBUG", "PYTHONASYNCIODEBUG"}) {
        const Environment ours("ASYNCIODEBUG", nullptr);
        const Environment python("PYTHONASYNCIODEBUG", nullptr);
        BOOST_TEST(!debug_environment());
        const Environment empty(variable, "");
        BOOST_TEST(!debug_environment());
        const Environment set(variable, "1");
        BOOST_TEST(debug_environment());
        BOOST_TEST(!warnings::is_enabled(Category::ResourceWarning));
        warnings::reset();
        StderrToFile output;
        warnings::warn(Category::ResourceWarning, "unclosed transport");
        warnings::warn(Category::DeprecationWarning, "old");
        BOOST_TEST(output.text() == "ResourceWarning: unclosed transport\n"
                                    "DeprecationWarning: old\n");
        const Environment unset(variable, nullptr);
        warnings::reset();
    }
}

BOOST_AUTO_TEST_CASE(categories_are_switched_one_by_one) {
    std::string trace;
    warnings::set_sink([&](Category category, const std::string& text) {
        trace += std::string(warnings::name(category)) + ":" + text + ";";
    });
    warnings::set_enabled(Category::RuntimeWarning, false);
    warnings::set_enabled(Category::DeprecationWarning, true);
    BOOST_TEST(!warnings::is_enabled(Category::RuntimeWarning));
    warnings::warn(Category::RuntimeWarning, "a");
    warnings::warn(Category::DeprecationWarning, "b");
    warnings::warn(Category::UserWarning, "c");
    BOOST_TEST(trace == "DeprecationWarning:b;UserWarning:c;");
}

BOOST_AUTO_TEST_CASE(warning_capture_records_every_category_and_restores) {
    warnings::set_enabled(Category::UserWarning, false);
    {
        warnings::Capture captured;
        warnings::warn(Category::ResourceWarning, "unclosed transport");
        warnings::warn(Category::UserWarning, "user");
        BOOST_TEST(captured.size() == 2u);
        BOOST_TEST(captured.contains("transport"));
        BOOST_TEST(captured.contains(Category::UserWarning, "user"));
        BOOST_TEST(!captured.contains(Category::RuntimeWarning, "user"));
        BOOST_TEST(captured.records().at(0).text == "unclosed transport");
        captured.clear();
        BOOST_TEST(captured.size() == 0u);
    }
    BOOST_TEST(!warnings::is_enabled(Category::UserWarning));
    StderrToFile output;
    warnings::warn(Category::UserWarning, "hidden");
    warnings::warn(Category::RuntimeWarning, "shown");
    BOOST_TEST(output.text() == "RuntimeWarning: shown\n");
}

BOOST_AUTO_TEST_SUITE_END()
} // namespace asyncio_tests
