// A program that waits for one byte on an open connection and for nothing else: no timer, no
// thread, no other task. idle/run.py watches what it asks of the system meanwhile.
//
//   idle own|guest PORT     the loop runs itself, or it is the guest of an io_context
#include <asyncio/asio.hpp>
#include <asyncio/asyncio.hpp>

#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

namespace {

asyncio::Coroutine<> wait_for_a_byte(int port) {
    const auto streams = co_await asyncio::open_connection("127.0.0.1", port);
    const auto& [reader, writer] = streams;
    for (int i = 0; i < 10; ++i) co_await asyncio::sleep(0); // what connecting left behind
    std::cout << "idle" << std::endl;
    const std::string byte = co_await reader.read(1);
    std::cout << "read " << byte << std::endl;
    writer.close();
    co_await writer.wait_closed();
}

void run_as_guest(int port) {
    boost::asio::io_context context;
    const asyncio::LoopPtr loop = asyncio::attach(context);
    loop->call_soon_threadsafe([port] { asyncio::create_task(wait_for_a_byte(port)); });
    context.run();
    loop->close();
}

} // namespace

int main(int count, char** arguments) {
    if (count != 3) return EXIT_FAILURE;
    const int port = std::atoi(arguments[2]);
    if (std::string_view(arguments[1]) == "guest")
        run_as_guest(port);
    else
        asyncio::run(wait_for_a_byte(port));
}
