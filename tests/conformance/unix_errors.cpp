// Pins CON-01, CON-07, CON-13: what connecting to a Unix socket and binding one raise, and that a
// stale socket is replaced while another file is not.
#include "py.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <sys/socket.h>
#include <unistd.h>

namespace fs = std::filesystem;

std::string replace(std::string text, const std::string& what, const std::string& with) {
    for (auto at = text.find(what); at != text.npos; at = text.find(what))
        text.replace(at, what.size(), with);
    return text;
}

auto protocol = [] { return std::make_shared<asyncio::Protocol>(); };

template <class T>
asyncio::Coroutine<> attempt(std::string directory, asyncio::Coroutine<T> coroutine) {
    try {
        co_await std::move(coroutine);
        print("no error");
    } catch (const asyncio::Exception& e) {
        print(asyncio::type_name(e), replace(e.str(), directory, "."));
    }
}

asyncio::Coroutine<> refused(std::string directory, asyncio::AbstractEventLoop& loop) {
    const std::string longest(108, 'x');
    const std::string file = directory + "/file";
    co_await attempt(directory, loop.create_unix_connection(protocol, directory + "/missing"));
    co_await attempt(directory, loop.create_unix_server(protocol, directory + "/no/dir"));
    std::ofstream(file).close();
    co_await attempt(directory, loop.create_unix_connection(protocol, file));
    co_await attempt(directory, loop.create_unix_server(protocol, file));
    co_await attempt(directory, loop.create_unix_server(protocol, directory));
    co_await attempt(directory, loop.create_unix_server(protocol, longest));
    co_await attempt(directory, loop.create_unix_connection(protocol, longest));
    co_await attempt(directory, loop.create_unix_connection(protocol, ""));
    co_await attempt(directory, loop.create_unix_connection(protocol, nullptr));
    co_await attempt(directory, loop.create_unix_server(protocol, nullptr));
}

asyncio::Coroutine<> stale(std::string directory, asyncio::AbstractEventLoop& loop) {
    const std::string path = directory + "/stale";
    const int left = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_storage storage;
    const auto size = asyncio::SocketAddress::unix_path(path).to(&storage);
    if (::bind(left, reinterpret_cast<sockaddr*>(&storage), static_cast<socklen_t>(size)) != 0)
        std::abort();
    ::close(left);
    co_await attempt(directory, loop.create_unix_connection(protocol, path));
    auto server = co_await loop.create_unix_server(protocol, path);
    auto connected = co_await loop.create_unix_connection(protocol, path);
    auto& [transport, unused] = connected;
    const auto peer = transport->get_extra_info<asyncio::SocketAddress>("peername");
    print("connected", fs::path(peer.host()).filename().string());
    transport->close();
    server.close();
    co_await server.wait_closed();
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    std::string directory = fs::temp_directory_path() / "asyncio-XXXXXX";
    if (!::mkdtemp(directory.data())) std::abort();
    co_await refused(directory, loop);
    co_await stale(directory, loop);
    fs::remove_all(directory);
}

int main() { asyncio::run(amain()); }
