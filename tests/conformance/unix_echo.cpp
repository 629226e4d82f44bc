// Pins CON-13, STR-14, CON-08: a line echo over a Unix socket; the addresses are a path and ''.
#include "py.hpp"

#include <cctype>
#include <cstdlib>
#include <filesystem>

#include <unistd.h>

namespace fs = std::filesystem;
using namespace std::string_literals;

template <class Stream>
std::string address(const Stream& stream, const char* name) {
    return stream.template get_extra_info<asyncio::SocketAddress>(name).host();
}

std::string basename(const std::string& path) { return fs::path(path).filename(); }

std::string upper(std::string text) {
    for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
}

asyncio::Coroutine<> echo(asyncio::StreamReader reader, asyncio::StreamWriter writer) {
    print("server sees", py::repr(address(writer, "peername")),
          basename(address(writer, "sockname")));
    while (true) {
        const auto line = co_await reader.readline();
        if (line.empty()) break;
        writer.write(upper(line));
        co_await writer.drain();
    }
    writer.close();
    co_await writer.wait_closed();
}

asyncio::Coroutine<> quiet(asyncio::StreamReader reader, asyncio::StreamWriter writer) {
    co_await reader.read();
    writer.close();
}

asyncio::Coroutine<> talk(std::string path) {
    auto connected = co_await asyncio::open_unix_connection(path);
    auto& [reader, writer] = connected;
    print("client sees", basename(address(writer, "peername")),
          py::repr(address(writer, "sockname")));
    for (const char* line : {"one\n", "two\n"}) {
        writer.write(line);
        const auto answer = co_await reader.readline();
        print("client got", py::bytes(answer));
    }
    writer.write_eof();
    const auto rest = co_await reader.read();
    print("client got", py::bytes(rest));
    writer.close();
    co_await writer.wait_closed();
}

asyncio::Coroutine<> amain() {
    std::string directory = fs::temp_directory_path() / "asyncio-XXXXXX";
    if (!::mkdtemp(directory.data())) std::abort();
    const std::string path = directory + "/echo";
    auto server = co_await asyncio::start_unix_server(echo, path);
    print("sockets", server.sockets().size(),
          basename(server.sockets().at(0).getsockname().host()));
    co_await talk(path);
    co_await talk(path);
    server.close();
    co_await server.wait_closed();
    fs::remove_all(directory);
    const std::string name = "\0asyncio-unix-echo-"s + std::to_string(::getpid());
    server = co_await asyncio::start_unix_server(quiet, name);
    auto connected = co_await asyncio::open_unix_connection(name);
    auto& [reader, writer] = connected;
    print("abstract", address(writer, "peername") == name,
          py::bytes(address(writer, "peername").substr(0, 9)));
    writer.close();
    co_await writer.wait_closed();
    server.close();
    co_await server.wait_closed();
}

int main() { asyncio::run(amain()); }
