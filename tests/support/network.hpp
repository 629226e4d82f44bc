// What tests of connections and servers say again and again.
#pragma once
#include <asyncio/asyncio.hpp>

#include <memory>

#include <fcntl.h>

namespace asyncio_test {

/// A factory of protocols that do nothing.
inline auto plain() {
    return [] { return std::make_shared<asyncio::Protocol>(); };
}

/// A server of such protocols on a free port.
inline asyncio::Coroutine<asyncio::Server> plain_server() {
    return asyncio::get_running_loop().create_server(plain(), "127.0.0.1", 0);
}

inline int port_of(const asyncio::Server& server) {
    return server.sockets().at(0).getsockname().port();
}

/// How many descriptors the process has.
inline int open_descriptors() {
    int count = 0;
    for (int fd = 0; fd < 256; ++fd) count += ::fcntl(fd, F_GETFD) != -1;
    return count;
}

} // namespace asyncio_test
