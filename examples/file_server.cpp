// Serves the files of a directory by HTTP/1.1; the system copies them into the sockets (sendfile).
//
//   file_server DIRECTORY [PORT]     says the port, then serves until Ctrl+C
//
// A server for the open Internet needs more: limits of time and of connections, and a parser that
// knows all of HTTP.
#include <asyncio/asyncio.hpp>

#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fs = std::filesystem;

class File {
public:
    explicit File(const fs::path& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        struct stat about{};
        if (fd_ >= 0 && ::fstat(fd_, &about) == 0 && S_ISREG(about.st_mode)) size_ = about.st_size;
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (fd_ >= 0) ::close(fd_);
    }
    int fileno() const { return fd_; }
    /// Nothing for what is no regular file.
    std::optional<off_t> size() const { return size_; }

private:
    int fd_;
    std::optional<off_t> size_;
};

// The file that a request asks for: nothing outside of the directory.
std::optional<fs::path> path_of(std::string_view request, const fs::path& root) {
    if (!request.starts_with("GET /")) return {};
    const auto end = request.find(' ', 5);
    if (end == request.npos) return {};
    const fs::path path = fs::weakly_canonical(root / request.substr(5, end - 5));
    const auto inside = path.lexically_relative(root);
    if (inside.empty() || *inside.begin() == "..") return {};
    return path;
}

void refuse(asyncio::StreamWriter writer) {
    writer.write("HTTP/1.1 404 Not Found\r\nContent-Length: 10\r\n\r\nnot found\n");
}

asyncio::Coroutine<> answer(asyncio::StreamWriter writer, std::string request, fs::path root) {
    const auto path = path_of(request, root);
    const File file(path.value_or(""));
    if (!file.size()) {
        refuse(writer);
        co_return;
    }
    const std::string size = std::to_string(*file.size());
    writer.write("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
    if (*file.size() > 0) // behind what is written already, and with its flow control
        co_await asyncio::get_running_loop().sendfile(writer.transport(), file);
}

asyncio::Coroutine<> on_client(asyncio::StreamReader reader, asyncio::StreamWriter writer,
                               fs::path root) {
    try {
        while (true) {
            const std::string request = co_await reader.readuntil("\r\n\r\n");
            co_await answer(writer, request, root);
            co_await writer.drain();
        }
    } catch (const asyncio::IncompleteReadError&) {
        // The client has enough.
    } catch (const asyncio::LimitOverrunError&) {
        refuse(writer);
    } catch (const asyncio::ConnectionError& error) {
        std::cerr << asyncio::repr(error) << '\n';
    }
    writer.close();
}

asyncio::Coroutine<> serve(fs::path root, int port) {
    const auto handler = [&root](asyncio::StreamReader reader, asyncio::StreamWriter writer) {
        return on_client(std::move(reader), std::move(writer), root);
    };
    auto server = co_await asyncio::start_server(handler, "127.0.0.1", port);
    std::cout << server.sockets().at(0).getsockname().port() << std::endl;
    co_await server.serve_forever();
}

int main(int argc, char** argv) {
    if (argc < 2) {
        std::cerr << "file_server DIRECTORY [PORT]\n";
        return 2;
    }
    try {
        asyncio::run(serve(fs::canonical(argv[1]), argc > 2 ? std::stoi(argv[2]) : 0));
    } catch (const asyncio::KeyboardInterrupt&) {
        return 130;
    }
}
