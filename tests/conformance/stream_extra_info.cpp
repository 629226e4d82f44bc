// Pins STR-23, section 11 keys: the client's sockname is the server's peername and the reverse; an
// unknown key gives the default; the info stays readable after close.
#include "py.hpp"

using asyncio::SocketAddress;

asyncio::Coroutine<> amain() {
    auto accepted = asyncio::get_running_loop().create_future<asyncio::StreamWriter>();

    auto on_client = [&](asyncio::StreamReader reader,
                         asyncio::StreamWriter writer) -> asyncio::Coroutine<> {
        accepted.set_result(writer);
        co_await reader.read();
        writer.close();
    };

    auto server = co_await asyncio::start_server(on_client, "127.0.0.1", 0);
    const auto address = server.sockets().at(0).getsockname();
    auto connected = co_await asyncio::open_connection("127.0.0.1", address.port());
    auto& [reader, writer] = connected;
    auto peer = co_await accepted;
    print(writer.get_extra_info<SocketAddress>("peername") == address);
    print(writer.get_extra_info<SocketAddress>("peername") ==
          peer.get_extra_info<SocketAddress>("sockname"));
    print(writer.get_extra_info<SocketAddress>("sockname") ==
          peer.get_extra_info<SocketAddress>("peername"));
    print(writer.get_extra_info<SocketAddress>("sockname") == address);
    print(writer.get_extra_info<SocketAddress>("peername").host(),
          writer.get_extra_info<SocketAddress>("sockname").host());
    if (!writer.get_extra_info("no such key").has_value()) print(py::None);
    writer.close();
    co_await writer.wait_closed();
    print(writer.get_extra_info<SocketAddress>("peername") == address);
    server.close();
}

int main() { asyncio::run(amain()); }
