// Pins FDW-01, FDW-02, FDW-04, FDW-05, FDW-07: callbacks go on while there is something to read,
// adding again replaces, a queued call does not run after its removal, errors.
#include "py.hpp"

#include <fcntl.h>
#include <unistd.h>

std::string os_read(int fd, std::size_t n) {
    std::string data(n, '\0');
    data.resize(static_cast<std::size_t>(std::max<ssize_t>(0, ::read(fd, data.data(), n))));
    return data;
}
void os_write(int fd, std::string_view data) {
    if (::write(fd, data.data(), data.size()) < 0) asyncio::raise_from_errno(errno);
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    int one[2];
    int two[2];
    if (::pipe(one) != 0 || ::pipe(two) != 0) asyncio::raise_from_errno(errno);
    const auto [r, w] = one;
    const auto [r2, w2] = two;
    asyncio::Event done;

    auto read_one = [&loop, done, r = one[0]](const char* name) {
        const std::string c = os_read(r, 1);
        print(name, py::bytes(c));
        if (c == "c") {
            print("removed", loop.remove_reader(r));
            print("again", loop.remove_reader(r));
            done.set();
        }
    };

    loop.add_reader(r, read_one, "first");
    loop.add_reader(r, read_one, "second");
    os_write(w, "abcd");
    co_await done.wait();
    co_await asyncio::sleep(0);
    print("rest", py::bytes(os_read(r, 10)));

    int count = 0;

    auto either = [&loop, &count, r = one[0], r2 = two[0]] {
        count += 1;
        loop.remove_reader(r);
        loop.remove_reader(r2);
    };

    os_write(w, "x");
    os_write(w2, "x");
    loop.add_reader(r, either);
    loop.add_reader(r2, either);
    while (!count) co_await asyncio::sleep(0);
    for (int i = 0; i < 3; ++i) co_await asyncio::sleep(0);
    print("calls", count);

    auto writable = loop.create_future<bool>();

    auto on_writable = [&loop, writable, w = one[1]] { writable.set_result(loop.remove_writer(w)); };

    loop.add_writer(w, on_writable);
    print("writable", co_await writable);
    const int file = ::open(".", O_RDONLY);
    for (int fd : {file, -1}) {
        try {
            loop.add_reader(fd, [] {});
        } catch (const asyncio::Exception&) {
            print(std::current_exception());
        }
    }
    for (int fd : {file, r, w, r2, w2}) ::close(fd);
}

int main() { asyncio::run(amain()); }
