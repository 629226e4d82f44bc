// How the tests drive a loop that is a guest of an executor.
#include "run.hpp"

#include <asyncio/asio.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace asyncio_test {
namespace {

// The end of asyncio.run, inside the loop.
asyncio::Coroutine<> clean_up() {
    auto& loop = asyncio::get_running_loop();
    const asyncio::TaskRef self = asyncio::current_task();
    std::vector<asyncio::TaskRef> left;
    for (const asyncio::TaskRef& task : asyncio::all_tasks())
        if (task != self) left.push_back(task);
    for (const asyncio::TaskRef& task : left) task.cancel();
    if (!left.empty()) co_await asyncio::gather(asyncio::return_exceptions, left);
    for (const asyncio::TaskRef& task : left) {
        if (task.cancelled()) continue;
        if (const auto error = task.exception())
            loop.call_exception_handler({
                .message = "unhandled exception during asyncio.run() shutdown",
                .exception = error,
                .task = task,
            });
    }
    co_await loop.shutdown_asyncgens();
    co_await loop.shutdown_default_executor();
}

// Starts the main task; `ended` is called in the loop when main and the cleaning up are done.
void begin(asyncio::AbstractEventLoop& loop, const std::function<asyncio::TaskRef()>& start,
           const std::function<void()>& ended) {
    loop.call_soon_threadsafe([start, ended] {
        start().add_done_callback(
            [ended] { asyncio::create_task(clean_up).add_done_callback(ended); });
    });
}

void run_on_io_context(const std::function<asyncio::TaskRef()>& start) {
    boost::asio::io_context context;
    const asyncio::LoopPtr loop = asyncio::attach(context);
    bool ended = false;
    std::exception_ptr error;
    begin(*loop, start, [&] { ended = true; });
    std::thread([&] {
        try {
            context.run();
        } catch (...) {
            error = std::current_exception();
        }
        context.restart();
        boost::asio::post(context, [&] { loop->close(); });
        context.run();
    }).join();
    if (error) std::rethrow_exception(error);
    if (!ended) throw std::logic_error("the io_context ran out of work before the test was done");
}

void run_on_strand(const std::function<asyncio::TaskRef()>& start) {
    boost::asio::thread_pool pool(2);
    const auto strand = boost::asio::make_strand(pool.get_executor());
    const asyncio::LoopPtr loop = asyncio::attach(strand);
    begin(*loop, start, [&] { boost::asio::post(strand, [&] { loop->close(); }); });
    pool.join();
    if (!loop->is_closed())
        throw std::logic_error("the thread pool ran out of work before the test was done");
}

} // namespace

LoopKind loop_kind() {
    const char* value = std::getenv("ASYNCIO_TEST_LOOP");
    const std::string name = value ? value : "own";
    if (name == "own") return LoopKind::own;
    if (name == "guest") return LoopKind::guest;
    if (name == "strand") return LoopKind::strand;
    throw std::invalid_argument("ASYNCIO_TEST_LOOP is neither own, guest nor strand: " + name);
}

void run_guest(LoopKind kind, const std::function<asyncio::TaskRef()>& start) {
    if (kind == LoopKind::guest)
        run_on_io_context(start);
    else
        run_on_strand(start);
}

} // namespace asyncio_test
