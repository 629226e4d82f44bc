// Datagram endpoints on the loopback interface that write down what they hear.
#pragma once
#include <asyncio/asyncio.hpp>

#include "recorder.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace asyncio_test {

/// Beside what all recorders write: "datagram TEXT", "error REPR".
struct DatagramRecorder : Recording<asyncio::DatagramProtocol, asyncio::DatagramTransport> {
    void connection_made(std::shared_ptr<asyncio::DatagramTransport> made) override;
    void datagram_received(std::string_view data, const asyncio::SocketAddress& addr) override;
    void error_received(std::exception_ptr error) override;

    asyncio::SocketAddress from;
    std::function<void()> on_made;
    std::function<void()> on_datagram;
};

using DatagramEnd = std::shared_ptr<DatagramRecorder>;

asyncio::Coroutine<DatagramEnd> endpoint(asyncio::CreateDatagramEndpointOptions options);
/// Bound to a free port.
asyncio::Coroutine<DatagramEnd> bound();
asyncio::Coroutine<DatagramEnd> connected_to(asyncio::SocketAddress address);
/// A port of the loopback interface where nobody listens.
asyncio::Coroutine<asyncio::SocketAddress> deserted();
/// repr() of the error that such an endpoint gives.
asyncio::Coroutine<std::string> failure(asyncio::CreateDatagramEndpointOptions options);

asyncio::SocketAddress address_of(const DatagramEnd& end);

} // namespace asyncio_test
