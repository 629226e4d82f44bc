// Pins SCK-01 to SCK-06: the order of a wait, cancelling, errors.
#include "py.hpp"

#include <array>

#include <sys/socket.h>

using asyncio::Socket;
using asyncio::SocketAddress;

template <class A>
asyncio::Coroutine<> failing(std::string name, A awaitable) {
    try {
        co_await std::move(awaitable);
    } catch (const asyncio::Exception& e) {
        print(name, asyncio::type_name(e), e.str());
    }
}

Socket make_socket(int type) {
    Socket sock(AF_INET, type);
    sock.setblocking(false);
    return sock;
}

asyncio::Coroutine<std::string> closed(asyncio::AbstractEventLoop& loop, Socket sock) {
    sock.close();
    return loop.sock_recv(sock, 1);
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto sockets = asyncio::socketpair();
    auto& [a, b] = sockets;
    const bool await_debug = loop.get_debug();
    loop.set_debug(true);
    co_await failing("blocking", loop.sock_recv(a, 1));
    loop.set_debug(await_debug);
    a.setblocking(false);
    b.setblocking(false);

    auto task = loop.create_task(loop.sock_recv(a, 10));
    co_await asyncio::sleep(0);
    task.cancel();
    auto second = loop.create_task(loop.sock_recv(a, 10));
    co_await asyncio::wait(std::vector(1, task));
    print("cancelled", task.cancelled(), second.done());
    co_await loop.sock_sendall(b, "hello");
    print(py::bytes(co_await second));
    print("removed", loop.remove_reader(a));

    Socket server = make_socket(SOCK_STREAM);
    server.bind(SocketAddress("127.0.0.1", 0));
    server.listen();
    SocketAddress address = server.getsockname();
    auto accepting = loop.create_task(loop.sock_accept(server));
    Socket client = make_socket(SOCK_STREAM);
    co_await loop.sock_connect(client, address);
    auto accepted = co_await accepting;
    auto& [connection, peer] = accepted;
    print("accepted", peer == client.getsockname(), connection.getblocking());
    co_await loop.sock_sendall(connection, std::string(5, 'x'));
    std::array<std::byte, 3> buffer{};
    const auto count = co_await loop.sock_recv_into(client, buffer);
    print(count, py::bytes({reinterpret_cast<const char*>(buffer.data()), 3}));
    print(py::bytes(co_await loop.sock_recv(client, 10)));
    connection.close();
    print(py::bytes(co_await loop.sock_recv(client, 10)));
    client.close();
    server.close();
    client = make_socket(SOCK_STREAM);
    try {
        co_await loop.sock_connect(client, address);
    } catch (const asyncio::OSError& e) {
        print(asyncio::type_name(e), e.err(),
              e.strerror() == "Connect call failed " + address.str());
    }
    co_await failing("closed", closed(loop, client));

    Socket one = make_socket(SOCK_DGRAM);
    Socket two = make_socket(SOCK_DGRAM);
    for (const Socket& sock : std::vector{one, two}) sock.bind(SocketAddress("127.0.0.1", 0));
    print("sent", co_await loop.sock_sendto(one, "datagram", two.getsockname()));
    auto received = co_await loop.sock_recvfrom(two, 4);
    auto& [data, addr] = received;
    print(py::bytes(data), addr == one.getsockname());
    co_await failing("nbytes", loop.sock_recvfrom_into(two, buffer, 4));
}

int main() { asyncio::run(amain()); }
