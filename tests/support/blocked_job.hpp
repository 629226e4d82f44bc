// A job that holds its thread until it is let go.
#pragma once
#include <atomic>
#include <semaphore>

namespace asyncio_test {

class Blocked {
public:
    int operator()() {
        started.release();
        go.acquire();
        ++runs;
        return 1;
    }
    std::binary_semaphore started{0}, go{0};
    std::atomic<int> runs{0};
};

} // namespace asyncio_test
