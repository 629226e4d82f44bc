// Pins PIP-01, PIP-03 to PIP-06: events of both ends of a pipe.
#include "py.hpp"

#include <fcntl.h>
#include <unistd.h>

struct Recorder : asyncio::Protocol {
    Recorder(std::string n, asyncio::Event d) : name(n), done(d) {}

    void connection_made(std::shared_ptr<asyncio::Transport>) override { print(name, "made"); }

    void data_received(std::string_view data) override { print(name, py::bytes(data)); }

    bool eof_received() override {
        print(name, "eof");
        return true;
    }

    void connection_lost(std::exception_ptr exc) override {
        print(name, "lost", exc);
        done.set();
    }

    std::string name;
    asyncio::Event done;
};

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    int ends[2];
    if (::pipe(ends) != 0) asyncio::raise_from_errno(errno);
    asyncio::Event read_done;
    asyncio::Event write_done;
    auto on_read = [&] { return std::make_shared<Recorder>("read", read_done); };
    auto on_write = [&] { return std::make_shared<Recorder>("write", write_done); };
    auto first = co_await loop.connect_read_pipe(on_read, ends[0]);
    auto& reader = first.first;
    print("read opened");
    auto second = co_await loop.connect_write_pipe(on_write, ends[1]);
    auto writer = second.first;
    print("write opened", writer->can_write_eof());
    writer->write("hello");
    writer->write_eof();
    print("closing", writer->is_closing(), reader->is_closing());
    writer->write("dropped");
    co_await read_done.wait();
    print("ended", write_done.is_set(), reader->is_closing());

    if (::pipe(ends) != 0) asyncio::raise_from_errno(errno);
    write_done.clear();
    auto third = co_await loop.connect_write_pipe(on_write, ends[1]);
    ::close(ends[0]);
    co_await write_done.wait();

    const int file = ::open("/proc/self/exe", O_RDONLY);
    try {
        co_await loop.connect_read_pipe(on_read, file);
    } catch (const asyncio::ValueError&) {
        print(std::current_exception());
    }
    try {
        co_await loop.connect_write_pipe(on_write, file);
    } catch (const asyncio::ValueError&) {
        print(std::current_exception());
    }
    ::close(file);
}

int main() { asyncio::run(amain()); }
