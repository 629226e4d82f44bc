// Pins TRN-13, TRN-01: writes and writelines of many pieces arrive in order, whether they could be
// sent at once or queue behind a full socket; empty ones do nothing.
#include "py.hpp"

#include <algorithm>

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto done = loop.create_future<std::string>();

    auto collect = [&](asyncio::StreamReader reader,
                       asyncio::StreamWriter writer) -> asyncio::Coroutine<> {
        auto data = co_await reader.read();
        done.set_result(std::move(data));
        writer.close();
    };

    auto server = co_await asyncio::start_server(collect, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    auto connected = co_await loop.create_connection(
        [] { return std::make_shared<asyncio::Protocol>(); }, "127.0.0.1", port);
    auto& [transport, protocol] = connected;
    transport->write("");
    std::vector<std::string> pieces;
    transport->writelines(pieces);
    transport->write("head;");
    std::string lines;
    for (int i = 0; i < 3000; ++i) {
        pieces.push_back("line " + std::to_string(i) + ";");
        lines += pieces.back();
    }
    transport->writelines(pieces);
    transport->write(std::string(1 << 24, 'B'));
    pieces = {"", "tail 1;", "", "tail 2"};
    transport->writelines(pieces);
    print("buffered", transport->get_write_buffer_size() > 0);
    transport->write_eof();
    const auto data = co_await done;
    print(data.starts_with("head;" + lines), data.ends_with("Btail 1;tail 2"));
    print(std::count(data.begin(), data.end(), 'B') == 1 << 24,
          data.size() == 5 + lines.size() + (1 << 24) + 13);
    transport->close();
    server.close();
}

int main() { asyncio::run(amain()); }
