// How datagram endpoints of the tests are made.
#include "datagram_ends.hpp"

#include <utility>

namespace asyncio_test {

using asyncio::Coroutine;
using asyncio::SocketAddress;
using Options = asyncio::CreateDatagramEndpointOptions;

void DatagramRecorder::connection_made(std::shared_ptr<asyncio::DatagramTransport> made) {
    Recording::connection_made(std::move(made));
    if (on_made) on_made();
}

void DatagramRecorder::datagram_received(std::string_view data, const SocketAddress& addr) {
    from = addr;
    note("datagram " + std::string(data));
    if (on_datagram) on_datagram();
}

void DatagramRecorder::error_received(std::exception_ptr error) {
    note("error " + asyncio::repr(error));
}

Coroutine<DatagramEnd> endpoint(Options options) {
    auto made = co_await asyncio::get_running_loop().create_datagram_endpoint(
        std::make_shared<DatagramRecorder>(), options);
    auto& [transport, protocol] = made;
    co_return protocol;
}

Coroutine<DatagramEnd> bound() { return endpoint({.local_addr = {"127.0.0.1", 0}}); }

Coroutine<DatagramEnd> connected_to(SocketAddress address) {
    const std::string host = address.host();
    auto end = co_await endpoint({.remote_addr = {host, address.port()}});
    co_return end;
}

Coroutine<SocketAddress> deserted() {
    auto end = co_await bound();
    const SocketAddress address = address_of(end);
    end->transport->close();
    co_await end->next();
    co_return address;
}

Coroutine<std::string> failure(Options options) {
    auto text = co_await repr_of(endpoint(options));
    co_return text;
}

SocketAddress address_of(const DatagramEnd& end) {
    return end->transport->get_extra_info<SocketAddress>("sockname");
}

} // namespace asyncio_test
