// Echo with the loop's sock_* methods: no transports, no protocols, just a socket of one's own.
//
//   sock_echo serve [PORT]    says the port, then serves until Ctrl+C
//   sock_echo                 a server and a client, in one program
//
// Python: loop.sock_accept(), loop.sock_recv(), loop.sock_sendall().
#include <asyncio/asyncio.hpp>

#include <iostream>
#include <string>
#include <string_view>

#include <sys/socket.h>

asyncio::Coroutine<> echo(asyncio::Socket client) {
    auto& loop = asyncio::get_running_loop();
    try {
        while (true) {
            const std::string data = co_await loop.sock_recv(client, 65'536);
            if (data.empty()) break; // the client has ended its side
            co_await loop.sock_sendall(client, data);
        }
    } catch (const asyncio::ConnectionError& error) {
        std::cerr << asyncio::repr(error) << '\n';
    }
    client.close();
}

asyncio::Socket listening(int port) {
    asyncio::Socket server(AF_INET, SOCK_STREAM);
    server.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1);
    server.bind(asyncio::SocketAddress("127.0.0.1", port));
    server.listen();
    server.setblocking(false); // as all sockets that are given to the loop
    return server;
}

asyncio::Coroutine<> serve(asyncio::Socket server) {
    auto& loop = asyncio::get_running_loop();
    while (true) {
        const auto accepted = co_await loop.sock_accept(server);
        asyncio::create_task(echo(accepted.first));
    }
}

asyncio::Coroutine<> serve_until_interrupt(int port) {
    const asyncio::Socket server = listening(port);
    std::cout << server.getsockname().port() << std::endl;
    co_await serve(server);
}

asyncio::Coroutine<> ask(int port, std::string text) {
    auto& loop = asyncio::get_running_loop();
    const asyncio::Socket client(AF_INET, SOCK_STREAM);
    client.setblocking(false);
    co_await loop.sock_connect(client, asyncio::SocketAddress("127.0.0.1", port));
    co_await loop.sock_sendall(client, text);
    std::string answer;
    while (answer.size() < text.size()) answer += co_await loop.sock_recv(client, 65'536);
    std::cout << "received: " << answer << '\n';
    client.close();
}

asyncio::Coroutine<> both() {
    const asyncio::Socket server = listening(0);
    auto serving = asyncio::create_task(serve(server));
    co_await ask(server.getsockname().port(), "Hello, World!");
    serving.cancel();
}

int main(int argc, char** argv) {
    const std::string_view command = argc > 1 ? argv[1] : "";
    try {
        if (command == "serve")
            asyncio::run(serve_until_interrupt(argc > 2 ? std::stoi(argv[2]) : 0));
        else
            asyncio::run(both());
    } catch (const asyncio::KeyboardInterrupt&) {
        return 130;
    }
}
