// A filter of lines: reads stdin, numbers the lines, writes stdout, without blocking the loop.
//
//   ls | line_filter | cat
//
// Pipes, terminals and sockets become transports by connect_read_pipe() and connect_write_pipe();
// regular files do not, as in Python. A StreamReader is fed by its StreamReaderProtocol.
#include <asyncio/asyncio.hpp>

#include <iostream>
#include <memory>
#include <string>

#include <unistd.h>

// What is written to stdout; tells when it may go on.
class Output : public asyncio::Protocol {
public:
    void pause_writing() override { room_.clear(); }
    void resume_writing() override { room_.set(); }
    void connection_lost(std::exception_ptr) override {
        room_.set();
        lost_.set();
    }
    asyncio::Coroutine<> drain(const asyncio::WriteTransport& transport) {
        if (transport.is_closing()) co_await asyncio::sleep(0); // for connection_lost()
        co_await room_.wait();
        if (lost_.is_set()) throw asyncio::BrokenPipeError("nobody reads any more");
    }
    asyncio::Coroutine<> lost() { co_await lost_.wait(); }
    void start() { room_.set(); }

private:
    asyncio::Event room_;
    asyncio::Event lost_;
};

asyncio::Coroutine<> filter() {
    auto& loop = asyncio::get_running_loop();
    const asyncio::StreamReader reader(asyncio::StreamReaderOptions{});
    co_await loop.connect_read_pipe(std::make_shared<asyncio::StreamReaderProtocol>(reader),
                                    STDIN_FILENO);
    auto connected = co_await loop.connect_write_pipe(std::make_shared<Output>(), STDOUT_FILENO);
    auto& [out, output] = connected;
    output->start();
    for (int number = 1;; ++number) {
        const std::string line = co_await reader.readline();
        if (line.empty()) break;
        out->write(std::to_string(number) + '\t' + line);
        co_await output->drain(*out);
    }
    out->close(); // sends what is left
    co_await output->lost();
}

int main() {
    try {
        asyncio::run(filter());
    } catch (const asyncio::BrokenPipeError&) {
        return 1;
    } catch (const asyncio::ValueError& error) {
        std::cerr << error.what() << '\n';
        return 2;
    }
}
