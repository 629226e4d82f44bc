// Pins CON-13: closing a Unix server removes its path, unless it was told not to or the path is
// another file by then. (Python 3.13)
#include "py.hpp"

#include <cstdlib>
#include <filesystem>

namespace fs = std::filesystem;

auto protocol = [] { return std::make_shared<asyncio::Protocol>(); };

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    std::string directory = fs::temp_directory_path() / "asyncio-XXXXXX";
    if (!::mkdtemp(directory.data())) std::abort();
    const fs::path path = fs::path(directory) / "s";
    auto server = co_await loop.create_unix_server(protocol, path);
    print("serving", fs::exists(path));
    server.close();
    print("closed", fs::exists(path));
    server = co_await loop.create_unix_server(protocol, path, {.cleanup_socket = false});
    server.close();
    print("kept", fs::exists(path));
    auto first = co_await loop.create_unix_server(protocol, path);
    auto second = co_await loop.create_unix_server(protocol, path);
    first.close();
    print("taken over", fs::exists(path));
    second.close();
    print("closed", fs::exists(path));
    auto bound = co_await loop.create_unix_server(protocol, path, {.start_serving = false});
    print("bound", fs::exists(path));
    bound.close();
    print("closed", fs::exists(path));
    auto gone = co_await loop.create_unix_server(protocol, path);
    fs::remove(path);
    gone.close();
    print("gone", fs::exists(path));
    co_await second.wait_closed();
    fs::remove_all(directory);
}

int main() { asyncio::run(amain()); }
