// Layer 4. See unix_endpoints.hpp.
#include "unix_endpoints.hpp"

#include <asyncio/exceptions.hpp>
#include <asyncio/log.hpp>
#include <asyncio/unix_endpoints.hpp>

#include "endpoints.hpp"

#include <cerrno>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace asyncio::detail {

ConnectRequest::ConnectRequest(PathArg path_arg, const CreateUnixConnectionOptions& options)
    : ConnectRequest(HostArg(), PortArg(), options.connection()) {
    over_unix = true;
    path = path_arg.text();
}

ListenRequest::ListenRequest(PathArg path_arg, const CreateUnixServerOptions& given)
    : ListenRequest(HostArg(), PortArg(), given.server()) {
    over_unix = true;
    path = path_arg.text();
    cleanup_socket = given.cleanup_socket;
}

namespace {

bool is_abstract(const std::string& path) { return path.starts_with('\0'); }

// The system would cut both off, and use another file.
void check_path(const std::string& path) {
    if (!is_abstract(path) && path.find('\0') != path.npos)
        throw ValueError("embedded null character in path");
    const std::size_t end = is_abstract(path) || path.empty() ? 0 : 1; // its closing NUL
    if (path.size() + end > sizeof sockaddr_un::sun_path) throw OSError("AF_UNIX path too long");
}

void log_error(const char* what, const std::string& path, int error) noexcept {
    try {
        logger().error(std::string(what) + ' ' + repr_string(path) + ": " +
                       repr(OSError::from_errno(error)));
    } catch (...) {
        return; // it is about the log only
    }
}

// What a server left that ended without closing.
void remove_stale(const std::string& path) {
    struct stat found{};
    if (::stat(path.c_str(), &found) == 0 &&
        (!S_ISSOCK(found.st_mode) || ::unlink(path.c_str()) == 0))
        return;
    if (errno != ENOENT) log_error("Unable to check or remove stale UNIX socket", path, errno);
}

UniqueFd adopted(int fd) {
    adopt_unix_socket(fd);
    return UniqueFd(fd);
}

void check_one(const std::optional<std::string>& path, const std::optional<int>& sock,
               const char* neither) {
    if (path && sock) throw ValueError("path and sock can not be specified at the same time");
    if (!path && !sock) throw ValueError(neither);
}

} // namespace

void adopt_unix_socket(int fd) {
    const int family = int_option(fd, SOL_SOCKET, SO_DOMAIN);
    const int type = int_option(fd, SOL_SOCKET, SO_TYPE);
    if (family >= 0 && (family != AF_UNIX || type != SOCK_STREAM))
        throw ValueError("A UNIX Domain Stream Socket was expected, got " +
                         TransportSocket(make_ref<SocketView>(fd, 0)).repr());
    adopt_stream_socket(fd);
}

UniqueFd connect_unix(const ConnectRequest& request) {
    check_one(request.path, request.sock, "no path and sock were specified");
    if (!request.path) return adopted(*request.sock);
    check_path(*request.path);
    UniqueFd fd = open_socket(AF_UNIX, SOCK_STREAM, 0);
    // There is no "in progress": a full backlog is an error here, where Python takes the socket
    // for a connected one.
    if (const int error = connect_socket(fd.get(), SocketAddress::unix_path(*request.path)))
        raise_from_errno(error);
    return fd;
}

UniqueFd bind_unix(const ListenRequest& request) {
    check_one(request.path, request.options.sock, "path was not specified, and no sock specified");
    if (!request.path) return adopted(*request.options.sock);
    const std::string& path = *request.path;
    check_path(path);
    if (path.empty()) throw ValueError("the path of a Unix server is empty");
    UniqueFd fd = open_socket(AF_UNIX, SOCK_STREAM, 0);
    if (!is_abstract(path)) remove_stale(path);
    const int error = bind_socket(fd.get(), SocketAddress::unix_path(path));
    if (error == EADDRINUSE)
        raise_from_errno(error, "Address " + repr_string(path) + " is already in use");
    if (error) raise_from_errno(error);
    return fd;
}

std::unique_ptr<SocketFile> SocketFile::of(int fd) {
    std::string path = local_address(fd).host();
    struct stat found{};
    if (path.empty() || is_abstract(path) || ::stat(path.c_str(), &found) != 0) return nullptr;
    return std::make_unique<SocketFile>(std::move(path), found.st_dev, found.st_ino);
}

void SocketFile::remove() noexcept {
    struct stat found{};
    if (::stat(path_.c_str(), &found) == 0 &&
        (found.st_dev != device_ || found.st_ino != inode_ || ::unlink(path_.c_str()) == 0))
        return;
    if (errno != ENOENT) log_error("Unable to clean up listening UNIX socket", path_, errno);
}

} // namespace asyncio::detail
