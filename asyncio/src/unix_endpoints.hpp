// Layer 4. The files of Unix sockets: connecting to them, binding them, removing them.
#pragma once
#include <asyncio/endpoints.hpp>

#include "net_socket.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace asyncio::detail {

/// Checks a socket that the user gives us and makes it non-blocking and close-on-exec. Throws
/// ValueError unless it is a Unix stream socket.
void adopt_unix_socket(int fd);

/// The path, or else the socket, of a request. Throws OSError, ValueError.
UniqueFd connect_unix(const ConnectRequest& request);
UniqueFd bind_unix(const ListenRequest& request);

/// The file of a bound socket, to be removed when the server closes.
class SocketFile {
public:
    /// Null for a socket without a file.
    static std::unique_ptr<SocketFile> of(int fd);
    SocketFile(std::string path, std::uint64_t device, std::uint64_t inode) noexcept
        : path_(std::move(path)), device_(device), inode_(inode) {}
    /// Unless the path is another file by now. A failure is logged.
    void remove() noexcept;

private:
    const std::string path_;
    const std::uint64_t device_;
    const std::uint64_t inode_;
};

} // namespace asyncio::detail
