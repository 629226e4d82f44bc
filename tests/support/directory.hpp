// Where the tests of Unix sockets have their files.
#pragma once
#include <asyncio/asyncio.hpp>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include <sys/socket.h>

namespace asyncio_test {

namespace fs = std::filesystem;

// A directory of its own, removed with what is in it.
class Directory {
public:
    Directory() {
        std::string name = (fs::temp_directory_path() / "asyncio-XXXXXX").string();
        if (!::mkdtemp(name.data())) throw std::runtime_error("mkdtemp");
        path = name;
    }
    Directory(const Directory&) = delete;
    ~Directory() { fs::remove_all(path); }
    std::string operator/(const char* name) const { return (path / name).string(); }
    fs::path path;
};

// A Unix stream socket bound by hand, without a server.
inline int bound_socket(const std::string& path) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_storage storage;
    const auto size = static_cast<socklen_t>(asyncio::SocketAddress::unix_path(path).to(&storage));
    if (::bind(fd, reinterpret_cast<sockaddr*>(&storage), size) != 0)
        throw std::runtime_error("bind");
    return fd;
}

} // namespace asyncio_test
