// Sockets that Boost.Asio accepts and connects, given to asyncio: as streams and as a transport.
//
//   Asio's acceptor ─> socket ─> connect_accepted_socket ─> protocol
//   Asio's connect  ─> socket ─> open_connection         ─> reader, writer
#include <asyncio/asio.hpp>
#include <asyncio/asio_sockets.hpp>
#include <asyncio/asyncio.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <iostream>
#include <memory>
#include <string>
#include <utility>

using boost::asio::ip::tcp;

struct Echo : asyncio::Protocol {
    void connection_made(std::shared_ptr<asyncio::Transport> t) override {
        transport = std::move(t);
    }
    void data_received(std::string_view data) override { transport->write(data); }
    void connection_lost(std::exception_ptr) override { transport.reset(); }
    std::shared_ptr<asyncio::Transport> transport;
};

asyncio::Coroutine<> serve_one(tcp::acceptor* acceptor) {
    tcp::socket socket = co_await acceptor->async_accept(asyncio::use_awaitable);
    socket.set_option(tcp::no_delay(true)); // it is still Asio's
    auto& loop = asyncio::get_running_loop();
    co_await asyncio::connect_accepted_socket(
        loop, [] { return std::make_shared<Echo>(); }, std::move(socket));
}

asyncio::Coroutine<> amain() {
    const auto executor = asyncio::get_executor(asyncio::get_running_loop());
    tcp::acceptor acceptor(executor, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    const auto serving = asyncio::create_task(serve_one(&acceptor));

    tcp::socket socket(executor);
    co_await socket.async_connect(acceptor.local_endpoint(), asyncio::use_awaitable);
    const auto stream = co_await asyncio::open_connection(std::move(socket), {.limit = 1 << 10});
    const auto& [reader, writer] = stream;
    co_await serving;
    writer.write("hello from Asio\n");
    const std::string answer = co_await reader.readline();
    std::cout << answer;
    writer.close();
    co_await writer.wait_closed();
}

int main() { asyncio::run(amain()); }
